"""Which documents are coded, and which are only kept."""

import pytest

from communique.records import Document
from communique.running.passing import holds_prose, is_coded

PROSE = {
    "Talks failed.": False,
    "Merkel condemns the attack on Paris": True,
    "“No,” Mao said.": True,
    "The two sides agreed to meet again.": True,
    "Gold 1,912.4 +0.3\nSilver 23.1 -1.2\nCopper 8,411 0.0": False,
    "Arsenal 2 - 1 Chelsea\nLeeds 0 - 0 Everton": False,
    "Oslo\t-3\tsnow\nBergen\t4\train": False,
    "Home | World | Politics | Opinion\nhttps://example.org/a": False,
    "1. Norway 14\n2. Kenya 9\nThe games end on Sunday with a closing ceremony.": True,
}


@pytest.mark.parametrize("text", PROSE)
def test_prose(text: str) -> None:
    assert holds_prose(text) == PROSE[text]


CODED = [({}, True), ({"language": "en-GB"}, True), ({"language": "de"}, False), ({"duplicate_of": "d0"}, False)]


@pytest.mark.parametrize(("known", "coded"), CODED)
def test_coded(known: dict[str, str], coded: bool) -> None:
    assert is_coded(Document(id="d1", text="The two sides agreed to meet again.", **known)) is coded  # type: ignore[arg-type]

"""Issues: which a passage names, and which it inherits."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from communique.cli.main import app
from communique.coding.issue_codebook import load_issues
from communique.coding.issues import issues_in, read_issues
from communique.coding.phrases import load_phrases
from communique.coding.stance_lexicon import load_stances
from communique.data import data_path
from communique.errors import DataError
from communique.parsing import parse_document
from communique.records import Document
from communique.running.pipeline import code_document, coder


def issues(text: str, part: str | None = None) -> set[str]:
    parse = parse_document(Document(id="t", text=text))
    start = text.index(part) if part else 0
    return set(issues_in(parse, start, start + len(part) if part else len(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The arms sales to Taiwan must stop.", {"taiwan_arms_sales"}),
        ("It concerns Taiwan and fentanyl.", {"taiwan", "fentanyl"}),
        ("North Korea's missile launches worry Japan.", {"north_korea_nuclear"}),
        ("They talked about tariffs on electric vehicles.", {"tariffs", "electric_vehicles"}),
        ("The WHO spoke.", {"health"}),
        ("Who spoke?", set()),
        # a state at war raises its issue as a place or object, not as the one who acts
        ("Aid for Ukraine was promised.", {"ukraine"}),
        ("Ukraine promised a road.", set()),
        ("Ukraine's minister promised a road.", set()),
        ("They urged Ukraine to build a road.", set()),
        ("They accused Ukraine of a lie.", set()),
        ("They opposed Ukraine's membership in the club.", set()),
        # its name is heard inside another issue's longer key
        ("They promised air defence systems for Kyiv.", {"military_aid", "missile_defence", "ukraine"}),
        ("The programme for nuclear disarmament failed.", {"arms_control"}),
        ("They will continue to drill.", set()),
        ("The drills off Taiwan went on.", {"military_exercises", "taiwan"}),
        # the narrowest alone
        ("They talked about trade and tariffs.", {"tariffs"}),
        # by either parent
        ("Arms sales to Taiwan are arms sales.", {"taiwan_arms_sales"}),
        # a weak key beside no other issue, a key beside a word, a key away from one, words that name no issue
        ("The border runs there.", {"territory"}),
        ("The border fishery closed.", {"fisheries"}),
        ("The river dam holds back the flow.", {"water"}),
        ("They walked along the river.", set()),
        ("The election was fair.", {"elections"}),
        ("He told reporters a joke.", set()),
    ],
)
def test_named(text: str, expected: set[str]) -> None:
    assert issues(text) == expected


def test_opener_holds_for_its_paragraph() -> None:
    text = "On the Ukraine issue and the Korean Peninsula issue, she said China wants peace. It opposes hot words."
    assert issues(text, "opposes hot words") == {"ukraine", "korean_peninsula"}


def test_opener_holds_on_while_the_issue_is_named() -> None:
    text = (
        "In terms of the fentanyl abuse issue, he said Peru was first.\n\nHe said bans hurt Peru and fentanyl was "
        "abused.\n\nHe called for better trade."
    )
    assert "fentanyl" in issues(text, "bans hurt Peru")
    assert issues(text, "called for better trade") == {"trade"}


def test_paragraph_without_an_issue_inherits() -> None:
    text = "As for the hostages, he said Doha would help.\n\nHe added that nobody would be forgotten."
    assert issues(text, "nobody would be forgotten") == {"hostages"}


def test_words_that_only_look_like_openers() -> None:
    assert issues("He arrived on Monday. Taiwan was discussed. He left.", "He left") == set()


def test_passage_without_issue_takes_its_sentence() -> None:
    text = "The tariffs came, and he protested."
    assert issues(text, "he protested") == {"tariffs"}


def test_codebook() -> None:
    book = load_issues()
    assert len(book.issues) >= 100
    for needed in (
        "taiwan",
        "fentanyl",
        "ukraine",
        "korean_peninsula",
        "south_china_sea",
        "export_controls",
        "sanctions",
        "climate",
        "trade",
        "arms_control",
        "human_rights",
    ):
        assert needed in book.issues
    assert all(i.name and i.definition and i.keys for i in book.issues.values())
    assert book.ancestors("xinjiang") == ["human_rights", "religious_freedom"]
    assert book.related("fentanyl", "drug_trafficking")
    assert not book.related("fentanyl", "taiwan")


def test_our_codebooks_can_be_read() -> None:
    """Loading leaves our own patterns unread until a text needs them; given as a user's table they are read at once."""
    codebooks = data_path("codebooks")
    assert load_issues(codebooks / "issues.tsv").issues.keys() == load_issues().issues.keys()
    assert load_phrases(codebooks / "phrases.tsv").formulas == load_phrases().formulas
    assert load_stances(codebooks / "positions.yaml").verbs == load_stances().verbs


def test_own_issues(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("id\tparent\tname\tkeys\tdefinition\ncod\tfisheries\tCod\tcod; hatton bank\tThe cod.\n")
    parse = parse_document(Document(id="t", text="They quarrel at the Hatton Bank."))
    assert issues_in(parse, 0, 31, load_issues(own)) == ["cod"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("cod\tnowhere\tCod\tcod\tx", "unknown parent 'nowhere'"),
        ("cod\tcod\tCod\tcod\tx", "its own ancestor"),
        ("cod\tfisheries; cod\tCod\tcod\tx", "its own ancestor"),
        ("Big Cod\t\tCod\tcod\tx", "lower case"),
        ("cod\t\tCod\t\tx", "no pattern"),
        ("cod\t\tCod\tcod@\tx", "marks that cannot be read"),
        ("cod\t\tCod\t!cod*\tx", "marks that cannot be read"),
    ],
)
def test_bad_issues(tmp_path: Path, row: str, says: str) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("id\tparent\tname\tkeys\tdefinition\n" + row + "\n")
    with pytest.raises(DataError, match=says):
        load_issues(own)


def test_reading_keeps_places() -> None:
    text = "Fentanyl, said one; sanctions, said another."
    reading = read_issues(parse_document(Document(id="t", text=text)))
    assert [h.issue for h in reading.hits] == ["fentanyl", "sanctions"]
    assert reading.named(0, 9) == ["fentanyl"]


def test_issues_of_ones_own_are_coded_listed_and_named_in_the_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("id\tparent\tname\tkeys\tdefinition\ncod\tfisheries\tCod\thatton bank\tThe cod.\n")
    before = coder().codebook
    monkeypatch.setenv("COMMUNIQUE_ISSUES", str(own))
    load_issues.cache_clear()
    try:
        record = code_document(Document(id="t", text="Iceland urged Britain to leave the Hatton Bank."))
        listed = CliRunner().invoke(app, ["codebook", "issues", "--under", "fisheries", "--json"])
    finally:
        load_issues.cache_clear()
    assert record.positions[0].issues == ("cod",)
    assert record.coder is not None and record.coder.codebook.startswith(f"{before}+own-")
    rows = {row["id"]: row["parents"] for row in json.loads(listed.stdout)}
    assert rows["cod"] == ["fisheries"] and "fisheries" in rows


def test_a_table_of_ones_own_is_checked(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("id\tparent\tname\tkeys\tdefinition\ncod\tnowhere\tCod\tcod\tThe cod.\n")
    result = CliRunner().invoke(app, ["codebook", "check", str(own)])
    assert result.exit_code == 1 and "unknown parent 'nowhere'" in result.output
    own.write_text("id,parent,name\n")
    result = CliRunner().invoke(app, ["codebook", "check", str(own)])
    assert result.exit_code == 1 and "separated by tabs" in result.output
    own.write_text("phrase\tpatterns\towners\tregister\tsignals\tsource\ncod for all\tcod for all\tISL\tfirm\tx\t\n")
    assert CliRunner().invoke(app, ["codebook", "check", str(own)]).exit_code == 0

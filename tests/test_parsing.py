"""Sentences, quotation marks and dates that real texts are full of, one oddity each."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.parsing import Parse, parse_document
from communique.parsing.dates import read_date
from communique.parsing.layout import dateline, hard_wrapped, paragraphs, quotes
from communique.records import Document


def parsed(text: str) -> Parse:
    return parse_document(Document(id="t", text=text))


def sentences(text: str) -> list[str]:
    parse = parsed(text)
    return [parse.text(range(a, b)) for a, b in parse.sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A headline has no full stop and does not run into the text.
        ("Leaders meet in the capital\nThe talks failed.", ["Leaders meet in the capital", "The talks failed."]),
        # A dateline stands by itself, initials and agency included.
        (
            "BEIJING, Jan. 30 (Agency) -- The ministry protested. It will reply.",
            ["BEIJING, Jan. 30 (Agency) --", "The ministry protested.", "It will reply."],
        ),
        # Initials end no sentence.
        ("The U.S. should act at once.", ["The U.S. should act at once."]),
        # A closing mark belongs to the sentence it closes.
        ('"We will wait." He then left.', ['"We will wait."', "He then left."]),
        # Two blanks part sentences as one does.
        ("He left.  She stayed.", ["He left.", "She stayed."]),
        # Curly marks are marks.
        ("“We will wait.” She then left.", ["“We will wait.”", "She then left."]),
        # Lines of a fixed width are one paragraph.
        (
            "The minister of foreign affairs of the republic said yesterday at a\n"
            "meeting of the committee that the treaty would not be signed before the\n"
            "end of the year.\n\nHe gave no reason.",
            [
                "The minister of foreign affairs of the republic said yesterday at a\n"
                "meeting of the committee that the treaty would not be signed before the\n"
                "end of the year.",
                "He gave no reason.",
            ],
        ),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def quoted(text: str) -> list[tuple[str, bool]]:
    return [(text[q.start : q.end], q.continues) for q in quotes(text, paragraphs(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Never," he said. "Not once."', [("Never,", False), ("Not once.", False)]),
        ("“Never,” he said.", [("Never,", False)]),
        # Opened anew in each paragraph, closed in the last one only.
        ("“We begin.\n“We end,” he said.", [("We begin.", False), ("We end,", True)]),
        # An apostrophe opens nothing, British single marks do.
        ("The minister's aide said 'it will not stand,' and left.", [("it will not stand,", False)]),
        # A mark that nothing closes and no paragraph goes on from is a slip.
        ('He said the "talks would fail.\nShe left.', []),
    ],
)
def test_quotes(text: str, expected: list[tuple[str, bool]]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BEIJING, Jan. 30 (Agency) -- The", "BEIJING, Jan. 30 (Agency) -- "),
        ("UNITED NATIONS (Wire) - The", "UNITED NATIONS (Wire) - "),
        ("Geneva, 3 March 2024 — The", "Geneva, 3 March 2024 — "),
        ("PARIS — The", "PARIS — "),
        ("Smith - a lawyer - said", None),
        ("The talks failed", None),
    ],
)
def test_dateline(text: str, expected: str | None) -> None:
    found = dateline(text, (0, len(text)))
    assert (text[slice(*found)] if found else None) == expected


def test_short_lines_are_no_fixed_width() -> None:
    assert not hard_wrapped("A headline\nA line.\nAnother line.")


@pytest.mark.parametrize(
    ("words", "ahead", "expected"),
    [
        ("on Monday", False, "2023-01-30"),  # published on a Monday
        ("on Friday", False, "2023-01-27"),
        ("next Monday", True, "2023-02-06"),
        ("on Tuesday", True, "2023-01-31"),
        ("on Jan. 12", False, "2023-01-12"),
        ("on 12 December", False, "2022-12-12"),  # the last one, not the coming one
        ("March 3, 2021", False, "2021-03-03"),
        ("yesterday", False, "2023-01-29"),
        ("last week", False, None),
        ("on February 31", False, None),
    ],
)
def test_dates(words: str, ahead: bool, expected: str | None) -> None:
    assert read_date(words, "2023-01-30", ahead) == expected


def test_a_weekday_stays_open_without_a_date_of_publication() -> None:
    assert read_date("on Monday", None) is None
    assert read_date("on 3 March 2021", None) == "2021-03-03"


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_tokens_cover_what_they_name_on_any_text(text: str) -> None:
    parse = parsed(text)
    assert all(len(text[t.start : t.end]) == len(t.text) and not text[t.start : t.end].isspace() for t in parse.tokens)
    assert [t.i for t in parse.tokens] == list(range(len(parse.tokens)))
    assert all(0 <= t.head < len(parse.tokens) for t in parse.tokens)
    assert [i for a, b in parse.sentences for i in range(a, b)] == list(range(len(parse.tokens)))
    assert all(0 <= q.start < q.end <= len(text) for q in parse.quotes)

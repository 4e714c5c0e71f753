"""The text cut into pieces: nothing lost, nothing doubled, every row findable."""

import string

from hypothesis import given
from hypothesis import strategies as st

from communique.records import Content, Document, Event, Phrase, Record, Source, Statement
from communique.web.marking import depths, paragraphs, side_classes, sides
from web_records import CODER, story


def test_the_pieces_joined_are_the_text() -> None:
    record = story()
    joined = "\n".join("".join(p.text for p in paragraph) for paragraph in paragraphs(record))
    assert joined == record.document.text


def test_every_row_begins_once() -> None:
    record = story()
    begun = [row for paragraph in paragraphs(record) for p in paragraph for row in p.begins]
    expected = {*(s.id for s in record.statements), *(e.id for e in record.events), *(p.id for p in record.positions)}
    assert sorted(begun) == sorted({*expected, "phrase-0"})


def test_the_innermost_statement_owns_the_words() -> None:
    record = story()
    inner = record.statements[3]
    piece = next(p for par in paragraphs(record) for p in par if "hunts" in p.text)
    assert piece.row == inner.id
    assert piece.rows.split() == [inner.id, inner.parent]
    assert "deep" in piece.classes.split()
    assert depths(record)[inner.id] == 1


def test_sides_are_countries_in_order_of_speaking() -> None:
    assert sides(story()) == {"NOR": 0, "PER": 1}


def test_sides_differ_by_line_as_well_as_by_colour() -> None:
    assert len({side_classes(n).split()[1] for n in range(5)}) == 5
    assert len({side_classes(n) for n in range(35)}) == 35


spans = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(
    st.text(alphabet=string.ascii_lowercase + " \n😀", min_size=60, max_size=90),
    st.lists(spans, max_size=8),
    spans,
    spans,
)
def test_any_spans_keep_the_text(
    text: str, contents: list[tuple[int, int]], event: tuple[int, int], phrase: tuple[int, int]
) -> None:
    def cut(span: tuple[int, int]) -> tuple[int, int]:
        return (min(span[0], len(text) - 1), min(span[1], len(text)))

    record = Record(
        document=Document(id="d", text=text),
        statements=tuple(
            Statement(id=f"s{n}", source=Source(), content=Content(spans=(cut(c),)), kind="direct")
            for n, c in enumerate(contents)
        ),
        events=(Event(id="e0", plover="AID", spans=(cut(event),)),),
        phrases=(Phrase(phrase="x", spans=(cut(phrase),)),),
        coder=CODER,
    )
    assert "\n".join("".join(p.text for p in paragraph) for paragraph in paragraphs(record)) == text

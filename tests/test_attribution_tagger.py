"""The learned tagger: windows, decoding, linking with the grammar, and a floor under its quality."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.attribution import attribute
from communique.attribution.evaluate import evaluate, read_gold
from communique.attribution.tagger import _viterbi, score
from communique.attribution.windows import windows
from communique.errors import InputError, MissingPartError
from communique.parsing import parse_document
from communique.records import Document
from communique.settings import TAGGER


def pieces(text: str) -> list[tuple[int, int]]:
    return [(i, i + 1) for i, c in enumerate(text) if not c.isspace()]


@given(st.text(alphabet="ab.\n ", max_size=400), st.integers(6, 60))
def test_windows_keep_every_piece_once_and_stay_short(text: str, limit: int) -> None:
    offsets = pieces(text)
    found = windows(text, offsets, limit)
    assert [i for w in found for i in range(w.keep_start, w.keep_end)] == list(range(len(offsets)))
    assert all(w.start <= w.keep_start <= w.keep_end <= w.end and w.end - w.start <= limit for w in found)


def test_whole_paragraphs_share_a_window_and_none_is_split_that_fits() -> None:
    text = "aaaa\nbbbb\ncccc"
    assert [(w.start, w.end) for w in windows(text, pieces(text), 8)] == [(0, 8), (8, 12)]


def test_an_inside_tag_only_follows_its_own_role() -> None:
    scores = np.full((3, 7), -5.0, dtype=np.float32)
    scores[0, 0] = scores[1, 6] = scores[2, 6] = 2.0  # O, then I-content twice without a B
    path = _viterbi(scores, [True, False, False])
    assert path in ([0, 5, 6], [5, 6, 6])


def test_nothing_runs_over_a_paragraph() -> None:
    scores = np.full((2, 7), -5.0, dtype=np.float32)
    scores[0, 5] = scores[1, 6] = 2.0
    assert _viterbi(scores, [True, True])[1] != 6


CASES = [
    # The tagger knows a cue that no lexicon has; the grammar knows a participle that the tagger passes over.
    (
        'Opening the session, the chancellor said the pact was dead, adding that "nobody will mourn it."',
        ("the chancellor", "adding", 'that "nobody will mourn it."'),
    ),
    ("Norway called on Iran to free the crew at once.", ("Norway", "called on", "Iran to free the crew at once")),
    ("Aid has reached the town, according to the mayor.", ("the mayor", "according to", "Aid has reached the town")),
    (
        "“We came in peace,” the envoy said. “We leave in sorrow.”",
        ("the envoy", "said", "“We came in peace,” … “We leave in sorrow.”"),
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[c[0][:40] for c in CASES])
def test_statement(text: str, expected: tuple[str, str, str]) -> None:
    found = attribute(parse_document(Document(id="t", text=text)))
    rows = [tuple(" … ".join(text[s:e] for s, e in spans) for spans in (a.source, a.cue, a.content)) for a in found]
    assert expected in rows


def test_nested_statements_come_from_the_grammar() -> None:
    text = "The agency reported that the general had threatened to resign."
    found = attribute(parse_document(Document(id="t", text=text)))
    inner = next(a for a in found if a.lemma == "threaten")
    assert inner.parent is not None
    assert found[inner.parent].lemma == "report"


def test_a_missing_model_is_named() -> None:
    with pytest.raises(MissingPartError, match=r"nowhere\.onnx"):
        score("He said so.", Path("nowhere.onnx"))


def test_gold_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "g.jsonl").write_text('{"id": "a", "text": "b"}\n')
    with pytest.raises(InputError, match="line 1"):
        read_gold(tmp_path / "g.jsonl")
    with pytest.raises(InputError, match="cannot be read"):
        read_gold(tmp_path / "none.jsonl")


def test_quality_on_a_fixed_slice(shared: Path) -> None:
    """Floors two to three points under the figures of the day they were set, on every sixth development document."""
    gold = read_gold(shared / "eval" / "polnear_dev.jsonl")[::6]

    def code(document):  # type: ignore[no-untyped-def]
        parse = parse_document(Document(id=document["id"], text=document["text"]))
        return parse, attribute(parse)

    result = evaluate(gold, code)
    f1 = {role: s.f1 for role, s in result.scores.items()}
    floors = {"content": 0.89, "source": 0.79, "cue": 0.68, "relation": 0.71}
    assert all(f1[role] >= floor for role, floor in floors.items()), f1
    assert TAGGER.stat().st_size < 30_000_000


def test_a_turn_of_a_transcript_is_one_statement_whatever_the_tagger_makes_of_its_name() -> None:
    text = "QUESTION: Will you go?\nJane Roe: We will go on Monday.\nQUESTION: Why?\nJane Roe: To talk."
    found = attribute(parse_document(Document(id="t", text=text, kind="transcript")))
    assert sum(text[a.source[0][0] : a.source[0][1]] == "Jane Roe" for a in found if a.source) == 2


def test_a_headline_does_not_join_the_statement_below_it() -> None:
    text = "Ruritania weighs reply to nuclear offer\nRuritania is studying the offer, its spokesperson said on Monday."
    found = attribute(parse_document(Document(id="t", text=text)))
    said = next(a for a in found if a.lemma == "say")
    assert all(start > text.index("\n") for start, _ in said.content)


def test_marks_go_with_their_quotation() -> None:
    text = 'The envoy said the raid had "no legal basis."\n"We never agreed to it," the envoy said.'
    found = attribute(parse_document(Document(id="t", text=text)))
    contents = [text[a.content[0][0] : a.content[-1][1]] for a in found]
    assert contents == ['the raid had "no legal basis."', '"We never agreed to it,"']


def test_a_negation_inside_a_word_belongs_to_the_cue() -> None:
    parse = parse_document(Document(id="d", text="The Norwegian minister didn't say whether the talks would resume."))
    (found,) = attribute(parse)
    assert [parse.document.text[a:b] for a, b in found.cue] == ["didn't say"]
    assert found.negated


def test_a_dateline_is_no_part_of_what_was_said() -> None:
    text = "LIMA, May 3 -- Peru will lift its ban on grain next week, the Peruvian foreign minister said."
    (found,) = attribute(parse_document(Document(id="d", text=text)))
    assert [text[a:b] for a, b in found.content] == ["Peru will lift its ban on grain next week"]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        (
            'He said Chad would "respond with its allies" but declined to say whether sanctions were considered.',
            "to say",
        ),
        ("The spokesman said the two sides had issued a joint statement, which you may refer to.", "refer"),
    ],
)
def test_what_is_not_said_is_no_nested_statement(text: str, cue: str) -> None:
    found = attribute(parse_document(Document(id="a", text=text)))
    assert not [a for a in found if a.parent is not None and cue in text[a.cue[0][0] : a.cue[-1][1]]]

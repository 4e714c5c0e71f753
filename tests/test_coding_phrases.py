"""Formulas: short sentences and the codebook's formulas expected in them, one oddity each."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.actors.resolution import Resolution
from communique.coding.formulas import Automaton, FormulaError, fold, read_pattern
from communique.coding.phrases import REGISTERS, find_phrases, load_phrases, table_rows
from communique.data import data_path
from communique.errors import DataError
from communique.parsing import parse_document
from communique.records import Document, covered


def found(text: str) -> dict[str, str]:
    """Formula -> its words in the text."""
    parse = parse_document(Document(id="t", text=text))
    phrases = find_phrases(parse, Resolution({}, (), ()))
    return {p.phrase: covered(text, p.spans) for p in phrases}


@pytest.mark.parametrize(
    ("text", "phrase", "words"),
    [
        # the slot belongs to somebody else and is not part of the formula's words
        ("Norway asked Chad to meet Norway halfway.", "meet halfway", "meet halfway"),
        ("Both sides should meet each other halfway.", "meet halfway", "meet each other halfway"),
        # hyphens are one span with their words
        ("Oslo calls for win-win cooperation.", "win-win cooperation", "win-win cooperation"),
        ("The deal is a win-win.", "win-win", "win-win"),
        # any form of the verb
        ("Lima is shifting the blame again.", "shift the blame", "shifting the blame"),
        ("Such words add fuel to the fire.", "add fuel to the fire", "add fuel to the fire"),
        ("They fanned the flames.", "add fuel to the fire", "fanned the flames"),
        # commas of either style
        (
            "We defend our sovereignty, security, and development interests.",
            "sovereignty, security and development interests",
            "sovereignty, security, and development interests",
        ),
        # headlines: capitals, no article
        ("Oslo Draws Red Line on Cod", "red line", "Red Line"),
        ("All Options on the Table, Says Minister", "all options are on the table", "All Options on the Table"),
        # British spelling folds into American
        ("They recognise all internationally recognised borders.", "internationally recognised borders", None),
        ("Freedom of navigation and the defence of it.", "freedom of navigation", "Freedom of navigation"),
        ("Peru reserves all rights.", "reserve the right", "reserves all rights"),
        ("We will not stand idly by.", "not stand idly by", "not stand idly by"),
        ("Do not say that we did not warn you.", "don't say we didn't warn you", None),
    ],
)
def test_formula(text: str, phrase: str, words: str | None) -> None:
    phrases = found(text)
    assert phrase in phrases
    if words is not None:
        assert phrases[phrase] == words


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The bus stopped halfway between the towns they met in.", "meet halfway"),
        ("The minister drew a line. Red flags flew.", "red line"),  # never across a sentence
        ("Win or lose, they cooperate.", "win-win cooperation"),
        ("A blame game shifted nothing.", "shift the blame"),
    ],
)
def test_no_formula(text: str, phrase: str) -> None:
    assert phrase not in found(text)


def test_longer_formula_covers_shorter() -> None:
    phrases = found("Peace needs win-win cooperation.")
    assert "win-win cooperation" in phrases
    assert "win-win" not in phrases


def test_formula_within_a_gap_counts_too() -> None:
    assert {"gross interference", "internal affairs"} <= found("They interfere in Peru's internal affairs.").keys()


def test_statement_of_a_formula_is_the_innermost() -> None:
    from communique.records import Content, Statement

    text = "He said that she said that a red line exists."
    parse = parse_document(Document(id="t", text=text))
    outer = Statement(id="s1", content=Content(spans=((8, len(text) - 1),)), kind="indirect")
    inner = Statement(id="s2", parent="s1", content=Content(spans=((22, len(text) - 1),)), kind="indirect")
    phrases = find_phrases(parse, Resolution({}, (), (outer, inner)))
    assert [(p.phrase, p.statement) for p in phrases] == [("red line", "s2")]


def test_variants_are_found_and_everyday_uses_are_not() -> None:
    rows = table_rows(Path(__file__).parent / "data" / "phrase_sentences.tsv", ("formula", "holds", "sentence"))
    assert len(rows) > 180
    wrong = [(line, row) for line, row in rows if (row["formula"] in found(row["sentence"])) != (row["holds"] == "yes")]
    assert not wrong
    assert {row["formula"] for _, row in rows} <= set(load_phrases().formulas)


def test_codebook_is_large_and_whole() -> None:
    formulas = load_phrases().formulas
    assert len(formulas) >= 400
    assert {f.register for f in formulas.values()} == set(REGISTERS)
    assert sum(1 for f in formulas.values() if f.source) >= 20
    for owner in ("CHN", "RUS", "IRN", "IND", "IGO/eu", "USA", "IGO/un", "PRK", "TUR", "ISR"):
        assert sum(owner in f.owners for f in formulas.values()) >= 4, owner
    assert all(f.signals and f.owners for f in formulas.values())


def test_own_formulas_are_added_and_replace(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text(
        "phrase\tpatterns\towners\tregister\tsignals\tsource\n"
        "fish without passports\tfish do not carry passport\tISL\tfirm\tmine\t\n"
        "red line\tcrimson line\tany\tsevere\tmine\t\n"
    )
    book = load_phrases(own)
    assert book.formulas["fish without passports"].owners == ("ISL",)
    assert book.formulas["red line"].patterns == ("crimson line",)
    parse = parse_document(Document(id="t", text="The fish do not carry passports."))
    assert [p.phrase for p in find_phrases(parse, Resolution({}, (), ()), book)] == ["fish without passports"]


def test_own_formulas_named_in_the_environment_are_checked_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("phrase\tpatterns\towners\tregister\tsignals\tsource\na\t{actor} b\tCHN\tfirm\tx\t\n")
    monkeypatch.setenv("COMMUNIQUE_PHRASES", str(own))
    load_phrases.cache_clear()
    try:
        with pytest.raises(DataError, match="must begin and end"):
            load_phrases()
    finally:
        load_phrases.cache_clear()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a\tb\tCHN\tloud\tx\t", "line 2: register 'loud'"),
        ("a\t\tCHN\tfirm\tx\t", "line 2: has no pattern"),
        ("a\t{actor} b\tCHN\tfirm\tx\t", "must begin and end"),
        ("a\tb", "line 2: 2 cells"),
    ],
)
def test_bad_codebook_names_file_and_line(tmp_path: Path, row: str, says: str) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("phrase\tpatterns\towners\tregister\tsignals\tsource\n" + row + "\n")
    with pytest.raises(DataError, match=says) as error:
        load_phrases(own)
    assert "own.tsv" in str(error.value)


def test_read_pattern() -> None:
    assert set(read_pattern("a b/c d?")) == {("a", "b", "d"), ("a", "c", "d"), ("a", "b"), ("a", "c")}
    with pytest.raises(FormulaError):
        read_pattern("")
    with pytest.raises(FormulaError):
        read_pattern("a {words}")


@pytest.mark.parametrize(
    ("word", "folded"),
    [("recognised", "recognized"), ("Labour", "labor"), ("four", "four"), ("hour", "hour"), ("defence", "defense")],
)
def test_fold(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_capitals_match_only_as_written() -> None:
    automaton = Automaton([("WHO", "body")])
    assert automaton.find(parse_document(Document(id="t", text="Who praised the WHO?")))[0][1] == (3,)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["red line", "win-win", "the", "meet", "halfway", ",", "-", '"', "is."]), max_size=12))
def test_spans_lie_in_the_text(words: list[str]) -> None:
    text = " ".join(words)
    parse = parse_document(Document(id="t", text=text))
    for phrase in find_phrases(parse, Resolution({}, (), ())):
        assert all(0 <= a < b <= len(text) for a, b in phrase.spans)


def test_header_names_licence() -> None:
    assert "Apache-2.0" in data_path("codebooks", "phrases.tsv").read_text(encoding="utf8")[:300]

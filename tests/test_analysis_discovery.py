"""Formulas nobody listed."""

from datetime import date, timedelta

import pytest

from communique.analysis.discovery import _log_odds, discover, formulas_in, gone_since, listed_as, new_since
from communique.analysis.said import Said, said_rows, sentences_of, words_of
from communique.errors import InputError

START = date(2024, 1, 1)


def said(n: int, actor: str, text: str) -> Said:
    return Said(f"{actor}{n}", f"d{actor}{n}", START + timedelta(days=n), actor, text)


def corpus() -> list[Said]:
    mine = [
        said(n, "ISL", f"The fish do not carry passports. We met {n} envoys and talked about the weather.")
        for n in range(8)
    ]
    theirs = [said(n, "GBR", f"We met {n} envoys and talked about the weather. The nets are long.") for n in range(20)]
    return mine + theirs


def test_own_formula_is_found_and_shared_words_are_not() -> None:
    found = discover(corpus(), "ISL")
    assert found[0].words == "fish do not carry passports"
    assert (found[0].count, found[0].others, found[0].documents) == (8, 0, 8)
    assert found[0].listed is None
    assert found[0].example == "The fish do not carry passports."
    assert all("weather" not in f.words for f in found)


def test_measure_by_hand() -> None:
    # 20 of the one's 100 sequences, 10 of the others' 200; prior 0.2: alpha 6 of 60.
    # log(26 / 134) - log(16 / 244) = -1.640 + 2.724 = 1.085; sqrt(1/26 + 1/16) = 0.318
    assert _log_odds(20, 100, 10, 200, 0.2) == pytest.approx(3.414, abs=0.001)


def test_a_chance_neighbour_makes_no_formula_of_its_own() -> None:
    mine = [said(n, "ISL", f"Fish carry no passports {'indeed' if n < 3 else f'today{n}'}.") for n in range(40)]
    found = discover([*mine, *corpus()[8:]], "ISL")
    assert [f.words for f in found] == ["fish carry no passports"]


def test_a_long_formula_is_one_row() -> None:
    long = "We seek a fair share of a shared sea for every crew of the north."
    found = discover([*(said(n, "ISL", long) for n in range(9)), *corpus()[8:]], "ISL")
    assert [f.words for f in found] == ["seek a fair share of a shared sea for every crew of the north"]
    assert found[0].count == 9


def test_longer_sequence_stands_for_its_parts() -> None:
    assert "carry passports" not in {f.words for f in discover(corpus(), "ISL")}


def test_one_document_is_no_formula() -> None:
    odd = said(
        50, "ISL", "Herring rules the waves. Herring rules the waves. Herring rules the waves. Herring rules the waves."
    )
    assert all("herring" not in f.words for f in discover([*corpus(), odd], "ISL"))


def test_spread() -> None:
    found = {f.words: f for f in discover(corpus(), "ISL")}
    assert found["fish do not carry passports"].unevenness < 0.1


def test_new_and_gone() -> None:
    old = [said(n, "GBR", "We keep the ancient order. Ships sail.") for n in range(10)]
    new = [said(n, "GBR", "We want a fair share. Ships sail.") for n in range(100, 110)]
    day = START + timedelta(days=100)
    assert [f.words for f in new_since(old + new, "GBR", day)] == ["want a fair share"]
    assert [f.words for f in gone_since(old + new, "GBR", day)] == ["keep the ancient order"]


def test_absence_must_be_a_wonder() -> None:
    old = [said(n, "GBR", "We keep the ancient order." if n < 3 else "Ships sail.") for n in range(60)]
    new = [said(100 + n, "GBR", "Ships sail.") for n in range(3)]
    assert gone_since(old + new, "GBR", START + timedelta(days=100)) == []


def test_asks_for_two_sides() -> None:
    with pytest.raises(InputError, match="and of others"):
        discover([said(1, "ISL", "Fish.")], "ISL")
    with pytest.raises(InputError, match="another day"):
        new_since([said(1, "ISL", "Fish.")], "ISL", START)


def test_listed_formulas_are_named() -> None:
    assert listed_as("a red line for us") == "red line"
    assert formulas_in("We reserve the right to act. A win-win outcome.") == [
        "reserve the right",
        "win-win cooperation",
    ]


def test_rows() -> None:
    rows = [{"id": "b", "document": "d", "day": "2024-02-01", "actor": "ISL", "text": "x"}]
    assert said_rows(rows)[0].day == date(2024, 2, 1)
    with pytest.raises(InputError, match="no date"):
        said_rows([{**rows[0], "day": "soon"}])
    with pytest.raises(InputError, match="has no 'text'"):
        said_rows([{k: v for k, v in rows[0].items() if k != "text"}])


def test_issues_come_from_the_words_too() -> None:
    rows = [
        {"id": "b", "document": "d", "day": "2024-02-01", "actor": "ISL", "text": "Tariffs hurt.", "issues": ["cod"]}
    ]
    assert said_rows(rows)[0].issues == ("cod", "tariffs")


def test_words_and_sentences() -> None:
    assert sentences_of("The U.S. must act. Mr. Sol agrees.") == ["The U.S. must act.", "Mr. Sol agrees."]
    assert words_of("The U.S. won't, a win-win.") == ["The", "U.S.", "won't", "a", "win-win"]
    assert sentences_of('He came. "Never!" she said.') == ["He came.", '"Never!', "she said."]

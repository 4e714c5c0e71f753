"""Wording from one occasion to the next, and one statement in several reports."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.analysis.alignment import align, word_diff
from communique.analysis.said import Said, words_of
from communique.analysis.wording import changes, occasions
from communique.errors import InputError


def said(day: int, text: str, *, month: int = 1, document: str = "", kind: str = "report", actor: str = "ISL") -> Said:
    document = document or f"{month}-{day}-{len(text)}"
    return Said(
        f"{document}-{hash(text) % 997}", document, date(2024, month, day), actor, text, ("fisheries",), None, kind
    )


def marked(before: str, after: str) -> str:
    mark = {"kept": "", "added": "+", "dropped": "-"}
    return " ".join(mark[p.change] + p.words for p in word_diff(before, after))


@pytest.mark.parametrize(
    ("before", "after", "diff"),
    [
        ("Iceland always acts", "Iceland has consistently acted", "Iceland -always acts +has consistently acted"),
        ("by peaceful means only", "by peaceful means", "by peaceful means -only"),
        ("We recognise it.", "We recognize it!", "We recognize it!"),  # spelling is no change
        ("same", "same", "same"),
        ("Taiwan's right is clear", "Taiwan’s right — is clear.", "Taiwan’s right — is clear."),
        ("One. Two.", "One. Three, two.", "One. +Three, two."),
        ("", "new words", "+new words"),
    ],
)
def test_word_diff(before: str, after: str, diff: str) -> None:
    assert marked(before, after) == diff


@given(st.text("abc .,", max_size=40), st.text("abc .,", max_size=40))
def test_word_diff_loses_nothing(before: str, after: str) -> None:
    diff = word_diff(before, after)
    old = words_of(" ".join(p.words for p in diff if p.change != "added"))
    new = words_of(" ".join(p.words for p in diff if p.change != "dropped"))
    assert [w.lower() for w in old] == [w.lower() for w in words_of(before)]
    assert new == words_of(after)


def test_reports_of_one_statement_are_one() -> None:
    official = said(3, "Iceland demands that the ship leave the bank at once.", document="a", kind="transcript")
    report = said(4, "Iceland demands that the ship leave at once", document="b")
    other = said(3, "Iceland thanks Norway for its friendly offer to help.", document="c")
    aligned = align([report, official, other])
    assert [len(a.versions) for a in aligned] == [1, 0]
    assert aligned[0].reference is official
    version = aligned[0].versions[0]
    assert version.said is report
    assert 0.7 < version.kept < 0.9
    assert [p.words for p in version.diff if p.change == "dropped"] == ["the bank"]


def test_the_same_words_weeks_later_are_another_statement() -> None:
    text = "Iceland demands that the ship leave the bank at once."
    assert len(align([said(3, text, document="a"), said(23, text, document="b")])) == 2


def test_the_same_publisher_a_day_later_reports_it_said_again() -> None:
    text = "Iceland demands that the ship leave the bank at once."
    first, second = said(3, text, document="a"), said(4, text, document="b")
    again = [replace(s, publisher="The Gazette") for s in (first, second)]
    assert len(align(again)) == 2
    assert len(align([first, second])) == 1


def test_two_speakers_are_two_statements() -> None:
    text = "The ship must leave the bank at once."
    assert len(align([said(3, text, document="a"), said(3, text, document="b", actor="GBR")])) == 2


def test_short_words_must_agree_wholly() -> None:
    assert len(align([said(3, "No talks", document="a"), said(3, "No war", document="b")])) == 2


def test_occasions_count_reports_once() -> None:
    text = "Iceland demands that the ship leave the bank at once."
    found = occasions([said(3, text, document="a"), said(4, text, document="b"), said(9, "Good.", document="c")])
    assert [(o.day.day, len(o.sentences)) for o in found] == [(3, 1), (9, 1)]


def test_changes() -> None:
    peace = "Iceland has always defended its fishing grounds by peaceful means."
    statements = [said(n, peace) for n in (1, 5, 9)]
    statements.append(said(14, "Iceland has consistently defended its fishing grounds by peaceful means."))
    statements.append(said(20, "Iceland has consistently defended its fishing grounds. This is a red line."))
    found = changes(statements, "ISL", "fisheries")
    assert [c.size for c in found[:2]] == [0.0, 0.0]
    assert 0 < found[2].size < found[3].size
    assert [p.words for p in found[2].diff if p.change == "added"] == ["consistently"]
    assert [p.words for p in found[3].diff if p.change == "dropped"] == ["by peaceful means."]
    assert found[3].formulas_added == ("red line",)
    assert found[3].unusual is None  # four changes are too few to say


def test_unusual_is_a_share_of_the_actors_changes() -> None:
    same = "Iceland will protect the cod."
    statements = [said(n, same) for n in range(1, 17, 2)] + [said(20, "Herring? Never heard of it.")]
    found = changes(statements, "ISL", "fisheries")
    assert found[-1].unusual == 1.0
    assert found[0].unusual is not None
    assert found[0].unusual < 0.6


def test_formula_left_out() -> None:
    firm = "Iceland will not yield to pressure. The cod is ours."
    statements = [said(n, firm) for n in (1, 5, 9)] + [said(14, "The cod is ours.")]
    assert changes(statements, "ISL", "fisheries")[-1].left_out == ("will not yield to pressure",)


def test_nothing_to_compare() -> None:
    with pytest.raises(InputError, match="fewer than two days"):
        changes([said(1, "Cod.")], "ISL", "fisheries")

"""Asking an archive: filters, dyads over time, reports and families, clusters, words in context."""

from datetime import date
from pathlib import Path

import pytest

from archive_records import report
from communique.analysis.dyads import dyad, event_clusters
from communique.analysis.kwic import kwic
from communique.analysis.networks import network
from communique.analysis.tables import events, phrases, positions, statements
from communique.archive import Archive, open_archive
from communique.errors import InputError


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    kept = open_archive(tmp_path_factory.mktemp("asking") / "a")
    kept.add(
        [
            report("d1", "2024-01-05"),
            report("d2", "2024-01-05", publisher="Herald", text="{name} said whaling must stop. More soon."),
            report("d3", "2024-03-10", speaker="NOR/mfa", stance="demand", event=None),
            report("d4", "2024-03-31", speaker="PER", addressee="NOR", issue="fisheries", stance="support"),
            report("d5", "2024-01-05", publisher="Echo", duplicate_of="d1"),
            report("d6", "2024-04-02", speaker="person/ida-moe", addressee="FJI", stance="claim", event="CONSULT"),
        ]
    )
    return kept


def ids(rows: list[dict[str, object]]) -> list[object]:
    return [r["document"] for r in rows]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["d6", "d4", "d3", "d1", "d2"]),  # newest first; d5 is a copy
        ({"copies": True}, ["d6", "d4", "d3", "d1", "d2", "d5"]),
        ({"actor": "NOR"}, ["d6", "d3", "d1", "d2"]),  # the state, its ministry and its spokesperson
        ({"actor": "NOR/mfa"}, ["d3"]),
        ({"actor": "person/ida-moe"}, ["d6"]),
        ({"actor": "person/ida"}, []),  # no prefix of a name
        ({"actor": "NOR", "target": "PER"}, ["d3", "d1", "d2"]),
        ({"issue": "fisheries"}, ["d4"]),
        ({"start": "2024-03-10", "end": "2024-03-31"}, ["d4", "d3"]),  # both days included
        ({"kind": "DIRECT"}, []),
        ({"text": "WHALING must stop"}, ["d2"]),
        ({"limit": 2}, ["d6", "d4"]),
    ],
)
def test_statements_by_filter(archive: Archive, filters: dict[str, object], expected: list[str]) -> None:
    assert ids(statements(archive, form="rows", **filters)) == expected


def test_other_tables_have_the_same_filters(archive: Archive) -> None:
    assert ids(events(archive, form="rows", kind="accuse", actor="NOR")) == ["d1", "d2"]
    assert ids(events(archive, form="rows", kind="VERBAL CONFLICT", target="NOR")) == ["d4"]
    assert ids(events(archive, form="rows", issue="fisheries")) == ["d4"]
    assert ids(positions(archive, form="rows", kind="demand")) == ["d3"]
    assert ids(phrases(archive, form="rows", actor="NOR", kind="must hold", end="2024-01-31")) == ["d1", "d2"]


def test_an_issue_takes_in_those_below_it(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    archive.add([report("d1", "2024-01-01", issue="taiwan_arms_sales"), report("d2", "2024-01-02", issue="whaling")])
    for rows in (statements, events, positions):
        assert [r["document"] for r in rows(archive, issue="taiwan", form="rows")] == ["d1"]
        assert rows(archive, issue="whaling").num_rows == 1
    assert [n.id for n in network(archive, issue="taiwan").nodes if n.type == "issue"] == ["issue/taiwan_arms_sales"]


def test_a_row_says_how_many_reports_its_family_has(archive: Archive) -> None:
    assert {r["document"]: r["reports"] for r in statements(archive, form="rows")} == {
        "d1": 2, "d2": 1, "d3": 1, "d4": 1, "d6": 1
    }  # fmt: skip


@pytest.mark.parametrize("wrong", [{"start": "yesterday"}, {"table": "phrases", "target": "PER"}])
def test_filters_that_make_no_sense(archive: Archive, wrong: dict[str, str]) -> None:
    ask = {"phrases": phrases, "statements": statements}[wrong.pop("table", "statements")]
    with pytest.raises(InputError):
        ask(archive, **wrong)


def test_tables_come_as_asked(archive: Archive) -> None:
    pandas = statements(archive, form="pandas")
    assert list(pandas["document"]) == list(statements(archive, form="polars")["document"])
    assert pandas.shape == statements(archive).to_pandas().shape
    with pytest.raises(InputError, match="pandas"):
        statements(archive, form="stata")


def test_a_dyad_by_month_has_its_empty_months_and_both_directions(archive: Archive) -> None:
    rows = dyad(archive, "NOR", "PER", form="rows")
    seen = [(r["period"], r["source"], r["statements"], r["events"]) for r in rows]
    assert seen == [
        (date(2024, 1, 1), "NOR", 2, 2),
        (date(2024, 1, 1), "PER", 0, 0),
        (date(2024, 2, 1), "NOR", 0, 0),
        (date(2024, 2, 1), "PER", 0, 0),
        (date(2024, 3, 1), "NOR", 1, 0),
        (date(2024, 3, 1), "PER", 1, 1),
    ]
    assert (rows[0]["verbal_conflict"], rows[0]["material_conflict"], rows[0]["goldstein"]) == (2, 0, -2.0)
    assert rows[2]["goldstein"] is None


@pytest.mark.parametrize(("count", "statements_", "events_"), [("family", 2, 2), ("report", 3, 3), ("cluster", 2, 1)])
def test_a_dyad_by_families_reports_or_clusters(archive: Archive, count: str, statements_: int, events_: int) -> None:
    row = dyad(archive, "NOR", "PER", by="year", count=count, both=False, form="rows")[0]
    assert (row["statements"], row["events"]) == (statements_ + 1, events_)


def test_a_dyad_that_never_spoke(archive: Archive) -> None:
    assert dyad(archive, "FJI", "PER", form="rows") == []
    with pytest.raises(InputError, match="month"):
        dyad(archive, "NOR", "PER", by="fortnight")


def test_what_is_not_done_is_no_event(tmp_path: Path) -> None:
    kept = open_archive(tmp_path / "a")
    record = report("d1", "2024-01-05")
    asked = record.events[0].model_copy(update={"modality": "demanded"})
    kept.add([record.model_copy(update={"events": (asked,)})])
    assert dyad(kept, "NOR", "PER", form="rows")[0]["events"] == 0


def test_the_same_event_in_several_reports_is_one_cluster(archive: Archive) -> None:
    first = event_clusters(archive, form="rows")[0]
    assert (first["sources"], first["targets"], first["day"]) == (["NOR"], ["PER"], date(2024, 1, 5))
    assert (first["events"], first["reports"], first["documents"]) == (2, 2, 3)


def test_words_in_context(archive: Archive) -> None:
    found = list(kwic(archive, "Must  hold", width=12))
    assert [k.document for k in found] == ["d1", "d3", "d4", "d6"]
    assert (found[0].left, found[0].words, found[0].right) == (" on whaling ", "must hold", ". Talks went")
    assert found[1].speaker == "NOR/mfa"


@pytest.mark.parametrize(
    ("phrase", "filters", "documents"),
    [
        ("whal*", {"actor": "NOR", "end": "2024-01-31"}, ["d1", "d2"]),
        ("whal", {}, []),  # whole words only
        ("as ever", {"actor": "NOR"}, []),  # outside every statement
        ("Lima – as", {"limit": 1}, ["d1"]),
    ],
)
def test_words_by_speaker_and_time(
    archive: Archive, phrase: str, filters: dict[str, object], documents: list[str]
) -> None:
    assert [k.document for k in kwic(archive, phrase, **filters)] == documents  # type: ignore[arg-type]


def test_nothing_to_look_for(archive: Archive) -> None:
    with pytest.raises(InputError):
        list(kwic(archive, " * "))

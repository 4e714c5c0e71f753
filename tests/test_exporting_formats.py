"""Exports: what was written is read back by a reader of the format where there is one, else checked cell by cell."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from archive_records import report
from communique.analysis.networks import network
from communique.archive import Archive, open_archive
from communique.cli.main import app
from communique.exporting.annotations import web_annotations
from communique.exporting.brat import brat
from communique.exporting.conllu import conllu
from communique.exporting.graphs import write_graph
from communique.exporting.tables import read_csv, write_table
from communique.parsing import parse_document
from communique.records import Record, covered

RECORDS = [
    report("d1", "2024-01-05", url="https://example.org/1"),
    report("d2", "2024-02-06", speaker="PER", addressee="NOR", stance="support"),
    report("d3", "2024-02-07", speaker="NOR/mfa", addressee="FJI", issue="fisheries", stance="demand"),
    report(
        "d4",
        "2024-02-07",
        speaker="PER",
        addressee="NOR",
        text='{name} said "the ban, on\twhaling".\n\nWell: as | ever.',
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exports")
    open_archive(path / "archive").add(RECORDS)
    return path


@pytest.fixture(scope="module")
def archive(folder: Path) -> Archive:
    return open_archive(folder / "archive", create=False)


def export(folder: Path, layout: str, *more: str) -> Path:
    out = folder / f"{layout}{len(list(folder.iterdir()))}"
    done = CliRunner().invoke(app, ["export", layout, str(out), "--archive", str(folder / "archive"), *more])
    assert done.exit_code == 0, done.output
    return out


@pytest.mark.parametrize("table", ["documents", "statements", "events", "positions", "phrases", "mentions", "actors"])
def test_csv_reads_back(table: str, archive: Archive, tmp_path: Path) -> None:
    rows = archive.ask(f"SELECT * FROM {table} ORDER BY ALL")
    assert rows.num_rows >= 4
    write_table(rows, tmp_path / "rows.csv")
    assert read_csv(tmp_path / "rows.csv", rows.schema).to_pylist() == rows.to_pylist()


def test_parquet_and_jsonl_hold_the_same_rows(folder: Path) -> None:
    parquet, lines = export(folder, "parquet"), export(folder, "jsonl")
    for file in parquet.iterdir():
        written = [json.loads(line) for line in (lines / f"{file.stem}.jsonl").read_text().splitlines()]
        assert json.loads(json.dumps(pq.read_table(file).to_pylist(), default=str)) == written


def test_records_read_back(folder: Path) -> None:
    lines = export(folder, "records").read_text(encoding="utf8").splitlines()
    assert [Record.model_validate_json(line) for line in lines] == RECORDS


def test_days_limit_what_is_written(folder: Path) -> None:
    lines = export(folder, "records", "--from", "2024-02-01", "--to", "2024-02-06").read_text().splitlines()
    assert [json.loads(line)["document"]["id"] for line in lines] == ["d2"]


def test_gdelt_has_its_61_columns_and_polecat_its_names(folder: Path) -> None:
    rows = list(csv.reader(export(folder, "gdelt").open(encoding="utf8"), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert {len(row) for row in rows} == {61}
    assert rows[0][1] == "20240105"
    assert (rows[0][5], rows[0][15], rows[0][26]) == ("NOR", "PER", "111")
    named = list(csv.DictReader(export(folder, "polecat").open(encoding="utf8"), delimiter="\t"))
    assert (named[0]["Actor Country"], named[0]["Event Type"], named[0]["Recipient Country"]) == (
        "NOR",
        "ACCUSE",
        "PER",
    )


def test_plover_json_lines(folder: Path) -> None:
    events = [json.loads(line) for line in export(folder, "plover").read_text(encoding="utf8").splitlines()]
    assert len(events) == len(RECORDS)


@pytest.mark.parametrize("ending", ["graphml", "gexf"])
def test_networkx_reads_networks_back(ending: str, archive: Archive, tmp_path: Path) -> None:
    import networkx

    found = network(archive, "actor-issue", isolates=True)
    path = tmp_path / f"n.{ending}"
    write_graph(found, path)
    graph = (networkx.read_graphml if ending == "graphml" else networkx.read_gexf)(path)
    assert set(graph) == {n.id for n in found.nodes}
    assert graph.number_of_edges() == len(found.edges) > 0
    assert all(isinstance(tie["weight"], float) for _, _, tie in graph.edges(data=True))


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.document.id)
def test_web_annotations_quote_the_words_they_select(record: Record) -> None:
    page = web_annotations(record)
    text = record.document.text
    selectors = [s for a in _all(page) for s in _selectors(a["target"])]
    positions = [s for s in selectors if s["type"] == "TextPositionSelector"]
    quotes = [s for s in selectors if s["type"] == "TextQuoteSelector"]
    assert positions
    assert [text[s["start"] : s["end"]] for s in positions] == [s["exact"] for s in quotes]


def _all(page: dict) -> list[dict]:  # type: ignore[type-arg]
    return list(page["first"]["items"] if "first" in page else page["items"])


def _selectors(target: object) -> list[dict]:  # type: ignore[type-arg]
    if isinstance(target, list):
        return [s for t in target for s in _selectors(t)]
    if isinstance(target, dict):
        if str(target.get("type", "")).endswith("Selector"):
            return [target, *_selectors(target.get("refinedBy"))]
        return [s for value in target.values() for s in _selectors(value)]
    return []


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.document.id)
def test_brat_spans_hold_the_words_they_name(record: Record) -> None:
    text, annotations = brat(record)
    bound = [line.split("\t") for line in annotations.splitlines() if line.startswith("T")]
    assert bound
    for _, head, words in bound:
        spans = [tuple(map(int, part.split())) for part in head.split(" ", 1)[1].split(";")]
        assert " ".join(text[a:b] for a, b in spans) == words


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.document.id)
def test_conllu_has_ten_columns_and_every_token(record: Record) -> None:
    parse = parse_document(record.document)
    lines = [line.split("\t") for line in conllu(record, parse).splitlines() if line and not line.startswith("#")]
    assert {len(line) for line in lines} == {10}
    assert len(lines) == len([t for t in parse.tokens if t.text.strip()])
    inside = [line[1] for line in lines if "content:" in line[9]]
    spoken = covered(record.document.text, record.statements[0].content.spans)
    assert "".join(inside) == "".join(spoken.split())


def test_bundle_holds_rows_codebooks_versions_and_sums(folder: Path) -> None:
    path = export(folder, "bundle", "--without-texts")
    with zipfile.ZipFile(path) as bundle:
        sums = dict(reversed(line.split("  ")) for line in bundle.read("SHA256SUMS").decode().splitlines())  # type: ignore[misc]
        assert set(sums) | {"SHA256SUMS"} == set(bundle.namelist())
        assert all(hashlib.sha256(bundle.read(name)).hexdigest() == told for name, told in sums.items())
        statements = list(csv.DictReader(io.StringIO(bundle.read("tables/statements.csv").decode())))
        assert len(statements) == len(RECORDS)
        assert "text" not in csv.DictReader(io.StringIO(bundle.read("tables/documents.csv").decode())).fieldnames  # type: ignore[operator]
        assert "communique" in json.loads(bundle.read("versions.json"))["packages"]
        assert "SANCTION" in bundle.read("codebook.html").decode()


@pytest.mark.parametrize(
    ("more", "says"), [(["csv", "archive"], "is there already"), (["csv", "no/where"], "its folder is not there")]
)
def test_clear_errors(more: list[str], says: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from communique.errors import InputError

    monkeypatch.chdir(folder)
    done = CliRunner().invoke(app, ["export", *more, "--archive", "archive"])
    assert isinstance(done.exception, InputError)
    assert says in str(done.exception)

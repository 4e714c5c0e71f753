"""`python -m benchmarks.page`: the page's server time over a generated archive of a million statements.

The archive is written straight to the tables by SQL with hashes for chance, so that it is the same every time; a batch
at a time, so that memory is bounded. Each address is asked in this process, without a network: first and again.
"""

# SQL and lists of words read best as they are.
# ruff: noqa: E501, SIM905

import argparse
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
from fastapi.testclient import TestClient

from communique.archive import open_archive
from communique.archive.log import new_batch
from communique.archive.schema import TABLES
from communique.coding.codebook import load_codebook
from communique.coding.issues import load_issues
from communique.coding.phrases import load_phrases
from communique.web.app import create_app
from communique.web.settings import Settings

A_DOCUMENT = 17
A_BATCH = 6_000
STATES = ("CHN JPN FRA KEN BRA IND TUR NOR MEX VNM EGY POL PER IRN USA DEU GBR RUS UKR ISR").split()
WORDS = (
    "the of to and a in for on that with trade talks must respect agreement border fish tariff steel grain visa ban "
    "sides progress minister policy region peace security market growth cable debt relief climate exercise navy port "
    "court treaty inspection consulate envoy ceasefire aid convoy quota licence subsidy satellite pipeline refugee"
).split()

_SAID = """
SELECT d, n, 's' || d || '_' || n AS id, DATE '2019-01-01' + (d * 37 % 2000)::INT AS day, d AS record, 'doc-' || d AS
document, 'Paper ' || (d % 40) AS publisher, d % 7 = 0 AS duplicate, $states[1 + (hash(d, n // 6) % 20)::INT] AS who,
$states[1 + (hash(d, 'to', n // 6) % 20)::INT] AS whom, hash(d, n, 'x') % 1000 AS chance, array_to_string(list_transform(
range(14), lambda i: $words[1 + floor(length($words) * pow((hash(d, n, i) % 10007) / 10007.0, 2))::INT]), ' ') AS content
FROM range($first, $last) t(d), range($many) u(n)
"""
_PLACED = """
SELECT *, 'Speaker of ' || who AS source_words, (sum(29 + length(content)) OVER (PARTITION BY d ORDER BY n)
- 29 - length(content))::INT AS place FROM said
"""  # "Speaker of XXX" + " said that " + content + ".\n\n": 29 signs and the content
_ROW = "record, document, n, day, publisher, duplicate, [[place + 25, place + 25 + length(content)]] AS spans"
_TABLES = {
    "documents": "SELECT record, document AS id, 1 AS version, any_value(publisher) AS publisher, any_value(day) AS "
    "published, 'en' AS language, 'report' AS kind, string_agg(source_words || ' said that ' || content || '.' || "
    "chr(10) || chr(10), '' ORDER BY n) AS text, document AS family, 'Report ' || any_value(d) AS title, document AS "
    "digest, document AS record_digest, '0' AS coder_version, '0' AS codebook, '0' AS registry FROM placed GROUP BY ALL",
    "actors": "SELECT record, document, row_number() OVER (PARTITION BY record ORDER BY who)::INT - 1 AS n, who AS id, "
    "'State ' || who AS name, 'state' AS kind, who AS country FROM (SELECT DISTINCT record, document, who FROM placed)",
    "mentions": "SELECT record, document, n, who AS actor, source_words AS words, [[place, place + 14]] AS spans FROM placed",
    "statements": f"SELECT * EXCLUDE (spans), spans AS content_spans FROM (SELECT {_ROW}, id, who AS source, who AS "
    "source_country, source_words, 'said' AS cue, 'say' AS cue_lemma, content, ['indirect', 'direct', 'mixed']"
    "[1 + (chance % 3)::INT] AS kind, FALSE AS negated, [whom] AS addressees, [whom] AS addressee_countries, "
    "chance / 1000.0 AS confidence, [[place, place + 14]] AS source_spans, [[place + 15, place + 19]] AS cue_spans FROM placed)",
    "events": f"SELECT {_ROW}, 'e' || id AS id, id AS statement, [who] AS sources, [who] AS source_countries, [whom] AS "
    "targets, [whom] AS target_countries, $plover[1 + (hash(id) % length($plover))::INT] AS plover, $quads[1 + (hash("
    "id) % length($plover))::INT] AS quad, 'past' AS modality, (chance % 20) - 10.0 AS goldstein, 'c' || hash(day, who, "
    "whom) AS event_cluster, content AS words, chance / 1000.0 AS confidence FROM placed WHERE chance < 500",
    "positions": f"SELECT {_ROW}, 'p' || id AS id, id AS statement, who AS actor, who AS actor_country, [whom] AS "
    "targets, [whom] AS target_countries, [$issues[1 + (hash(id) % length($issues))::INT]] AS issues, ['support', "
    "'opposition', 'demand', 'concern'][1 + (chance % 4)::INT] AS kind, content AS words, chance / 1000.0 AS "
    "confidence FROM placed WHERE chance > 650",
    "phrases": f"SELECT {_ROW}, $phrases[1 + (hash(id) % length($phrases))::INT] AS phrase, id AS statement, who AS "
    "actor, who AS actor_country, content AS words FROM placed WHERE chance BETWEEN 450 AND 550",
}


def write(folder: Path, statements: int) -> None:
    """An archive with so many statements."""
    archive = open_archive(folder)
    classes, documents = load_codebook().classes, statements // A_DOCUMENT + 1
    lists = {
        "plover": list(classes),
        "quads": [c.quad for c in classes.values()],
        "issues": list(load_issues().issues),
        "phrases": list(load_phrases().formulas),
        "states": STATES,
        "words": WORDS,
    }
    for first in range(0, documents, A_BATCH):
        batch, files = new_batch(), []
        with duckdb.connect() as made:
            numbers = {"first": first, "last": min(first + A_BATCH, documents), "many": A_DOCUMENT}
            made.execute(f"CREATE TABLE said AS {_SAID}", {**numbers, "states": STATES, "words": WORDS})
            made.execute(f"CREATE TABLE placed AS {_PLACED}")
            for table, sql in _TABLES.items():
                given = {name: values for name, values in lists.items() if f"${name}" in sql}
                found = made.sql(sql, params=given).to_arrow_table()
                files.append(archive.storage.write(table, batch, _whole(found, TABLES[table])))
        archive.log.commit(archive.log.snapshot(), batch, "add", files)


def _whole(found: pa.Table, schema: pa.Schema) -> pa.Table:
    """With all columns of a table, in its order and types."""
    columns = []
    for f in schema:
        if f.name in found.column_names:
            columns.append(found[f.name].cast(f.type))
        elif pa.types.is_list(f.type):
            columns.append(pa.array([[]] * found.num_rows, f.type))
        else:
            columns.append(pa.nulls(found.num_rows, f.type))
    return pa.Table.from_arrays(columns, schema=schema)


def addresses() -> list[str]:
    """One of every kind of page, chart and call."""
    issue, phrase = next(iter(load_issues().issues)), next(iter(load_phrases().formulas)).replace(" ", "+")
    return [
        "/", "/?page=2", "/?sort=surest", "/?q=ceasefire+convoy", "/?actor=CHN&target=USA", f"/?issue={issue}",
        "/?publisher=Paper+3&from=2020&to=2021", "/?what=events", "/documents/doc-77", "/documents", "/actors",
        "/actors/CHN", "/dyad", "/dyad?source=CHN&target=USA", "/issues", f"/issues/{issue}", "/wording",
        f"/wording?phrase={phrase}", "/network", "/clusters", "/review", "/review?table=events", "/about",
        "/api/overview", "/api/statements", "/api/statements?actor=CHN", "/api/events", "/api/positions",
        "/api/phrases", "/api/documents/doc-77", "/api/openapi.json", "/export?format=csv&actor=CHN&from=2023-01",
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=3, help="how often each address is asked")
    given = parser.parse_args()
    with TemporaryDirectory(dir="/tmp") as folder:
        began = time.perf_counter()
        write(Path(folder) / "archive", given.statements)
        print(f"written in {time.perf_counter() - began:,.0f} s\n")
        with TestClient(create_app(Settings(str(Path(folder) / "archive")))) as client:
            print("| address | median ms | maximum ms | kB |\n|---|---|---|---|")
            for address in addresses():
                seconds = []
                for _ in range(given.times):
                    began = time.perf_counter()
                    answer = client.get(address)
                    seconds.append(time.perf_counter() - began)
                wrong = "" if answer.status_code == 200 else f" (status {answer.status_code})"
                print(
                    f"| {address}{wrong} | {1000 * median(seconds):,.0f} | {1000 * max(seconds):,.0f} | "
                    f"{len(answer.content) / 1000:,.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()

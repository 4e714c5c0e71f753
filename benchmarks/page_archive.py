"""A generated archive for `python -m benchmarks.page`: as varied as a real one, and the same every time.

72 states with their ministries and twelve persons each, a vocabulary of 30,000 words that follows Zipf's law, sentences
of 6 to 40 words, documents of 4 to 30 statements, reprints, nesting, unnamed sources. It is written straight to the
tables by SQL with hashes for chance, a batch at a time, so that memory is bounded.
"""

# SQL and lists of words read best as they are.
# ruff: noqa: E501, SIM905

from itertools import product
from pathlib import Path

import duckdb
import pyarrow as pa

from communique.archive import open_archive
from communique.archive.log import new_batch
from communique.archive.schema import TABLES
from communique.coding.codebook import load_codebook
from communique.coding.issue_codebook import load_issues
from communique.coding.phrases import load_phrases

A_DOCUMENT = 17 * 6 / 7
"""Statements a document, one in seven being a reprint that is kept and not coded."""
A_BATCH = 7_000
WORDS = 30_000
PERSONS = 12
STATES = (
    "USA CHN RUS GBR FRA DEU JPN IND UKR ISR IRN TUR KOR PRK SAU POL BRA AUS CAN ITA ESP EGY PAK MEX ZAF NGA KEN IDN VNM "
    "PHL MYS THA SGP NZL NOR SWE FIN DNK NLD BEL CHE AUT CZE HUN ROU BGR GRC SRB BLR GEO ARM AZE KAZ UZB AFG IRQ SYR LBN "
    "JOR QAT ARE YEM ETH SDN LBY MAR DZA PER CHL COL ARG VEN"
).split()
_COMMON = (
    "the of to and a in for on that with trade talks must respect agreement border fish tariff steel grain visa ban "
    "sides progress minister policy region peace security market growth cable debt relief climate exercise navy port "
    "court treaty inspection consulate envoy ceasefire aid convoy quota licence subsidy satellite pipeline refugee"
).split()
_FIRST = (
    "Ada Bela Chidi Dana Emil Fatma Goran Hana Igor Jin Kofi Lena Marek Nadia Oluf Petra Quang Rosa Sven Tala".split()
)
_LAST = "Abara Berg Castel Dimov Eklund Farouk Gansa Horvat Ilves Jansen Kimura Lahti Moreau Novak Osei Petrov Quiroga Rahm Sato Tamm".split()


def vocabulary(most: int = WORDS) -> list[str]:
    """Words by rank: those that the questions ask for among the frequent ones, then invented ones."""
    heads, middles, tails = (
        "b br ch d dr f g gr k l m n p pr r s st t tr v z".split(),
        "a e i o u ai ou".split(),
        "n r l s t nd rk ".split(" "),
    )
    syllables = ["".join(parts) for parts in product(heads, middles, tails)]
    invented = ["".join(pair) for pair in product(syllables, syllables)]
    return [*_COMMON, *(invented[n * 7919 % len(invented)] for n in range(most - len(_COMMON)))]


# chance() is a number from 0 to 1 of what it is given; skewed() one of a list, its first members far more often.
_MACROS = (
    "CREATE MACRO chance(a, b) AS (hash(a, b) % 1000003) / 1000003.0",
    "CREATE MACRO skewed(values_, power_, a, b) AS values_[1 + floor(len(values_) * pow(chance(a, b), power_))::INT]",
    "CREATE MACRO row_id(letter, d, n) AS letter || left(md5(d || '_' || n), 12)",
    "CREATE TABLE vocabulary AS SELECT unnest($words) AS word, unnest(range(len($words))) AS rank",
)
_DOCUMENTS = """
SELECT d, (hash(d) >> 1)::BIGINT AS record, 'doc-' || d AS document, DATE '2012-01-01' + floor(5000 * sqrt(chance(d, 'day')))::INT AS day,
'Paper ' || floor(60 * pow(chance(d, 'paper'), 2))::INT AS publisher, d % 7 = 6 AS copy, 4 + (hash(d, 'many') % 27)::INT AS many,
['en', 'en', 'en', 'es', 'fr', 'ru'][1 + (hash(d, 'language') % 6)::INT] AS language FROM range($first, $last) t(d)
"""
# A side speaks about six times in a row; half of the times a person, else the ministry, the state or nobody named.
_SAID = """
SELECT *, CASE WHEN part < 0.5 THEN 'person/' || lower(replace(person, ' ', '-')) WHEN part < 0.75 THEN state || '/mfa'
WHEN part < 0.9 THEN state END AS who, CASE WHEN part < 0.5 THEN person WHEN part < 0.75 THEN 'The foreign ministry of ' || state
WHEN part < 0.9 THEN state ELSE 'Officials' END AS source_words, CASE WHEN part < 0.9 THEN state END AS country FROM (
SELECT *, first[1 + (hash(state, role) % 20)::INT] || ' ' || last[1 + (hash(role, state, 'last') % 20)::INT] || ' ' || state AS person FROM (
SELECT d, n, row_id('s', d, n) AS id, skewed($states, 1.7, hash(d, n // 6), 'who') AS state, skewed($states, 1.7, hash(d, n // 6), 'whom')
AS whom, skewed($states, 1.7, hash(d, n), 'other') AS other, floor($persons * pow(chance(hash(d, n // 6), 'role'), 2))::INT AS role,
chance(hash(d, n // 3), 'part') AS part, hash(d, n, 'x') % 1000 AS x, 6 + floor(34 * chance(hash(d, n), 'length'))::INT AS length,
$first_names AS first, $last_names AS last FROM documents_of, range(many) u(n) WHERE NOT copy))
"""
_CONTENT = """
SELECT d, n, string_agg(word, ' ' ORDER BY i) AS content FROM (SELECT d, n, i, floor(pow($size, chance(hash(d, n), i)))::BIGINT - 1
AS rank FROM said, range(length) v(i)) JOIN vocabulary USING (rank) GROUP BY d, n
"""
_PLACED = """
SELECT * EXCLUDE (first, last), (sum(length(source_words) + length(content) + 14) OVER (PARTITION BY d ORDER BY n)
- length(source_words) - length(content) - 14)::INT AS place FROM said JOIN content USING (d, n) JOIN documents_of USING (d)
"""  # source + " said that " + content + ".\n\n": 14 signs besides the two
_ROW = "record, document, n, day, publisher, FALSE AS duplicate"
_AT = "place + length(source_words)"
_SPANS = f"[[{_AT} + 11, {_AT} + 11 + length(content)]]"
_TABLES = {
    "documents": "SELECT record, document AS id, 1 AS version, publisher, day AS published, language, 'report' AS kind, coalesce(text, "
    "'A reprint.') AS text, CASE WHEN copy THEN 'doc-' || d - 1 END AS duplicate_of, 'doc-' || (d - copy::INT) AS family, 'Report ' || d "
    "|| ' on ' || skewed($words, 2, d, 'title') AS title, document AS digest, document AS record_digest, '0' AS coder_version, "
    "'0' AS codebook, '0' AS registry FROM documents_of LEFT JOIN (SELECT d, string_agg(source_words || ' said that ' || content "
    "|| '.' || chr(10) || chr(10), '' ORDER BY n) AS text FROM placed GROUP BY d) USING (d)",
    "actors": "SELECT record, document, row_number() OVER (PARTITION BY record ORDER BY id)::INT - 1 AS n, * EXCLUDE (record, document) FROM "
    "(SELECT DISTINCT record, document, who AS id, source_words AS name, CASE WHEN part < 0.5 THEN 'person' WHEN part < 0.75 THEN "
    "'organisation' ELSE 'state' END AS kind, country, CASE WHEN part < 0.5 THEN 'Official ' || role END AS office FROM placed WHERE who "
    "IS NOT NULL UNION SELECT record, document, whom, whom, 'state', whom, NULL FROM placed)",
    "mentions": "SELECT record, document, n, who AS actor, source_words AS words, [[place, place + length(source_words)]] AS spans FROM "
    "placed WHERE who IS NOT NULL",
    "statements": f"SELECT {_ROW}, id, who AS source, country AS source_country, source_words, 'said' AS cue, 'say' AS cue_lemma, content, "
    "['indirect', 'direct', 'mixed'][1 + (x % 3)::INT] AS kind, x % 40 = 0 AS negated, CASE WHEN x < 600 THEN [whom] ELSE [] END AS "
    "addressees, CASE WHEN x < 600 THEN [whom] ELSE [] END AS addressee_countries, x / 1000.0 AS confidence, CASE WHEN x % 12 = 0 AND n > 0 "
    "THEN row_id('s', d, n - 1) END AS parent, [[place, place + length(source_words)]] AS source_spans, "
    f"[[{_AT} + 1, {_AT} + 5]] AS cue_spans, {_SPANS} AS content_spans FROM placed",
    "events": f"SELECT {_ROW}, row_id('e', d, n) AS id, row_id('s', d, n) AS statement, CASE WHEN x % 15 = 0 AND state <> other THEN [state, other] ELSE [state] END AS "
    "sources, sources AS source_countries, [whom] AS targets, targets AS target_countries, skewed($plover, 1.5, id, 'plover') AS plover, "
    "$quads[list_position($plover, skewed($plover, 1.5, id, 'plover'))] AS quad, ['past', 'past', 'past', 'present', 'demanded', "
    "'conditional', 'denied'][1 + (hash(id) % 7)::INT] AS modality, (x % 20) - 10.0 AS goldstein, 'c' || hash(day, state, whom, "
    f"skewed($plover, 1.5, id, 'plover')) AS event_cluster, content AS words, x / 1000.0 AS confidence, {_SPANS} AS spans FROM placed WHERE x < 500",
    "positions": f"SELECT {_ROW}, row_id('p', d, n) AS id, row_id('s', d, n) AS statement, coalesce(who, state) AS actor, state AS actor_country, [whom] AS targets, "
    "[whom] AS target_countries, CASE WHEN x % 9 = 0 THEN list_distinct([skewed($issues, 2, id, 1), skewed($issues, 2, id, 2)]) ELSE "
    "[skewed($issues, 2, id, 1)] END AS issues, skewed($stances, 1.5, id, 'stance') AS kind, content AS words, x / 1000.0 AS "
    f"confidence, {_SPANS} AS spans FROM placed WHERE x > 650",
    "phrases": f"SELECT {_ROW}, skewed($phrases, 2, id, 'phrase') AS phrase, id AS statement, who AS actor, country AS actor_country, "
    f"content AS words, {_SPANS} AS spans FROM placed WHERE x BETWEEN 450 AND 550",
}


def write(folder: Path, statements: int, first_document: int = 0) -> None:
    """An archive with about so many statements; or so many more, in documents with numbers from `first_document` on."""
    archive = open_archive(folder)
    classes, documents = load_codebook().classes, round(statements / A_DOCUMENT)
    lists = {
        "plover": list(classes),
        "quads": [c.quad for c in classes.values()],
        "issues": list(load_issues().issues),
        "phrases": list(load_phrases().formulas),
        "stances": ["support", "opposition", "demand", "concern", "accusation", "commitment", "denial", "refusal", "welcome", "red_line"],
        "words": vocabulary(),
    }  # fmt: skip
    for first in range(first_document, first_document + documents, A_BATCH):
        batch, files = new_batch(), []
        with duckdb.connect() as made:
            for macro in _MACROS:
                made.execute(macro, {"words": lists["words"]} if "$words" in macro else None)
            last = min(first + A_BATCH, first_document + documents)
            made.execute(f"CREATE TABLE documents_of AS {_DOCUMENTS}", {"first": first, "last": last})
            people = {"states": STATES, "persons": PERSONS, "first_names": _FIRST, "last_names": _LAST}
            made.execute(f"CREATE TABLE said AS {_SAID}", people)
            made.execute(f"CREATE TABLE content AS {_CONTENT}", {"size": WORDS})
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

"""Which rows hold a word, are of an actor or touch an issue: postings in the index.

A word is a run of letters and digits of a text in lower case. Words that are frequent have their pairs as entries too,
so that a phrase of them is found as fast as a word. Actors, whose body one is, whom one speaks to and issues are
entries like words, with a sign in front that no word has.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from communique.web.filters import KINDS, Kind
from communique.web.questions import ACTOR, BODY, ISSUE, SPEAKERS, TARGET, WHOM, WORDS, listed, quoted

FREQUENT = 0.02
"""Words that are more often than in this share of the rows have entries for their pairs."""
_CUT = r"regexp_replace(lower({text}), '[^\pL\pN\s]+', ' . ', 'g')"
"""Words with space between them, and a point where anything else than space was."""
_CHUNK = 100_000


@contextmanager
def given(connection: duckdb.DuckDBPyConnection, rows: Any) -> Iterator[str]:
    """A table under a name that a query can use, for as long as a block lasts."""
    connection.register("given", rows)
    try:
        yield "given"
    finally:
        connection.unregister("given")


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Postings by kind of row; by number, what each entry is; and the words whose pairs are entries."""
    connection.execute("CREATE SCHEMA words")
    for kind in KINDS:
        connection.execute(f"CREATE TABLE words.{kind} (entry INTEGER, place INTEGER)")
        connection.execute(f"CREATE TABLE words.frequent_{kind} (written VARCHAR)")
    connection.execute("CREATE TABLE words.known (entry INTEGER, written VARCHAR)")


def last_place(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """The last place that a row has or had."""
    now = connection.execute(f"SELECT coalesce(max(place_), 0) FROM base.{table}").fetchall()[0][0]
    found = connection.execute("SELECT max(place) FROM base.gone WHERE name = ?", [table]).fetchall()[0][0]
    return max(int(now), int(found or 0))


def add(writer: duckdb.DuckDBPyConnection, kind: Kind, after: int) -> None:
    """The entries of rows behind a place."""
    rows = writer.sql(
        f"SELECT place_, {_CUT.format(text=WORDS[kind])} AS cut, {_tags(kind)} AS tags FROM base.{kind} "
        f"WHERE place_ > {after}"
    )
    vocabulary: dict[str, int] = {"": 0, ".": 1}
    words, tags = [], []
    count = 0
    for batch in rows.to_arrow_reader(_CHUNK):
        places = batch.column("place_").to_numpy()
        words.append(_numbered(pc.ascii_split_whitespace(batch.column("cut")), places, vocabulary))
        tags.append(_numbered(batch.column("tags"), places, vocabulary))
        count += len(places)
    if not count:
        return
    numbers, places = (np.concatenate(parts) for parts in zip(*words, strict=True))
    del words  # there are millions; what is done with goes
    written = numbers > 0
    numbers, places = numbers[written], places[written]
    often = _frequent(writer, kind, numbers, vocabulary, count if not after else None)
    tags += [_pairs(numbers, places, often, vocabulary), (numbers[numbers > 1], places[numbers > 1])]
    numbers, places = (np.concatenate(parts) for parts in zip(*tags, strict=True))
    del tags, written
    entries = _entries(writer, vocabulary)[numbers]
    del numbers
    entries <<= 32
    entries |= places
    del places
    entries.sort()
    first = np.ones(len(entries), bool)  # np.unique takes far longer
    first[1:] = entries[1:] != entries[:-1]
    entries = entries[first]
    found = pa.table({"entry": (entries >> 32).astype(np.int32), "place": (entries & 0xFFFFFFFF).astype(np.int32)})
    del entries
    with given(writer, found) as new:
        writer.execute(f"INSERT INTO words.{kind} SELECT * FROM {new}")


def _tags(kind: Kind) -> str:
    """The signed entries of a row as a list."""
    parts = []
    if kind == "events":
        parts.append((ACTOR, "list_concat(sources, source_countries)"))
    else:
        who, country = SPEAKERS[kind]
        cut = f"string_split({who}, '/')"
        parts.append((ACTOR, f"[{who}, {country}]"))
        parts.append((BODY, f"list_transform(range(1, len({cut})), lambda i: array_to_string({cut}[1:i], '/'))"))
    if kind in WHOM:
        parts.append((TARGET, "list_concat({}, {})".format(*WHOM[kind])))
    if kind == "positions":
        parts.append((ISSUE, "issues"))
    signed = (f"list_transform({values}, lambda v: '{sign}' || v)" for sign, values in parts)
    return f"list_filter(flatten([{', '.join(signed)}]), lambda v: v IS NOT NULL)"


def _numbered(lists: Any, places: Any, vocabulary: dict[str, int]) -> tuple[Any, Any]:
    """What lists hold, as numbers of the vocabulary, which grows; and the place that each is from."""
    encoded = lists.flatten().dictionary_encode()
    own = [vocabulary.setdefault(word, len(vocabulary)) for word in encoded.dictionary.to_pylist()]
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    return np.array(own, np.int32)[encoded.indices.to_numpy()], np.repeat(places, lengths)


def _frequent(
    writer: duckdb.DuckDBPyConnection, kind: Kind, numbers: Any, vocabulary: dict[str, int], rows: int | None
) -> Any:
    """By number, whether a word's pairs are entries: as they were when the index was made, from so many rows."""
    often = np.zeros(len(vocabulary), bool)
    if rows is None:
        kept = (w for (w,) in writer.execute(f"SELECT written FROM words.frequent_{kind}").fetchall())
        often[[vocabulary[w] for w in kept if w in vocabulary]] = True
    else:
        often = np.bincount(numbers, minlength=len(vocabulary)) > FREQUENT * rows
        often[:2] = False
        written = list(vocabulary)
        with given(writer, pa.table({"written": [written[n] for n in np.flatnonzero(often)]})) as new:
            writer.execute(f"INSERT INTO words.frequent_{kind} SELECT * FROM {new}")
    return often


def _pairs(numbers: Any, places: Any, often: Any, vocabulary: dict[str, int]) -> tuple[Any, Any]:
    """Frequent words with nothing but space between them, two by two, as numbers of the vocabulary."""
    first = np.flatnonzero(often[numbers[:-1]] & often[numbers[1:]] & (places[:-1] == places[1:]))
    size = len(vocabulary)
    pairs, which = np.unique(numbers[first].astype(np.int64) * size + numbers[first + 1], return_inverse=True)
    written = list(vocabulary)
    own = [vocabulary.setdefault(f"{written[p // size]} {written[p % size]}", len(vocabulary)) for p in pairs]
    return np.array(own, np.int32)[which], places[first]


def _entries(writer: duckdb.DuckDBPyConnection, vocabulary: dict[str, int]) -> Any:
    """The index's numbers of a vocabulary, by its own; what the index does not know yet gets one."""
    with given(writer, pa.table({"number": list(vocabulary.values()), "written": list(vocabulary)})) as own:
        writer.execute(
            "INSERT INTO words.known SELECT (SELECT count(*) FROM words.known) + row_number() OVER (), written "
            f"FROM {own} ANTI JOIN words.known USING (written)"
        )
        found = writer.execute(f"SELECT entry FROM {own} JOIN words.known USING (written) ORDER BY number")
        return found.fetchnumpy()["entry"].astype(np.int64)


def cut(reading: duckdb.DuckDBPyConnection, term: str) -> list[str]:
    """A term's words, and a point for what stands between them where it is more than space; as texts are cut."""
    found = reading.execute(f"SELECT {_CUT.format(text='?')}", [term]).fetchall()[0][0]
    return [word for word in found.split()]


def holding(reading: duckdb.DuckDBPyConnection, kind: Kind, entries: Sequence[str]) -> Any:
    """Places of the rows that have one of these entries, some perhaps twice."""
    return _places(reading, kind, f"written IN ({listed(entries)})")


def beginning(reading: duckdb.DuckDBPyConnection, kind: Kind, begun: str) -> Any:
    """Places of the rows that have a word that begins so, some perhaps twice."""
    return _places(reading, kind, f"starts_with(written, {quoted(begun)})")


def _places(reading: duckdb.DuckDBPyConnection, kind: Kind, which: str) -> Any:
    entries = [e for (e,) in reading.execute(f"SELECT entry FROM words.known WHERE {which}").fetchall()]
    if not entries:
        return np.empty(0, np.int32)
    one_of = f"entry = {entries[0]}" if len(entries) == 1 else "entry IN (SELECT unnest(?))"
    found = reading.execute(f"SELECT place FROM words.{kind} WHERE {one_of}", [] if len(entries) == 1 else [entries])
    return found.fetchnumpy()["place"]


def frequent(reading: duckdb.DuckDBPyConnection, kind: Kind, words: Sequence[str]) -> set[str]:
    """Those of the words whose pairs are entries."""
    sql = f"SELECT written FROM words.frequent_{kind} WHERE written IN ({listed(words)})"
    return {w for (w,) in reading.execute(sql).fetchall()}

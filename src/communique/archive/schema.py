"""The tables of an archive and their columns; the only place that says what is stored.

Every row of a coded table carries `record` (which stored record it belongs to), `document` (that document's id) and
`n` (its place in the record), so that records come back exactly as they went in. Columns that repeat what another
table knows (countries, the day, whether the document is a duplicate) are there so that counting needs no join.
"""

import pyarrow as pa

SCHEMA = 2
"""Version of this layout, which every batch carries. Raise it with every change of a table and add a step to
`communique.archive.migrations`. 2: signatures are samples of runs of words."""

text, whole, real, flag, day = pa.string(), pa.int32(), pa.float64(), pa.bool_(), pa.date32()
names = pa.list_(pa.string())
spans = pa.list_(pa.list_(pa.int32()))
moment = pa.timestamp("us", tz="UTC")

_OF_RECORD = [("record", pa.int64()), ("document", text), ("n", whole)]
_DATED = [("day", day), ("publisher", text), ("duplicate", flag)]

TABLES: dict[str, pa.Schema] = {
    "documents": pa.schema(
        [
            ("record", pa.int64()),
            ("id", text),
            ("version", whole),
            ("earlier", names),
            ("url", text),
            ("title", text),
            ("publisher", text),
            ("author", text),
            ("published", day),
            ("published_text", text),
            ("language", text),
            ("kind", text),
            ("text", text),
            ("duplicate_of", text),
            ("family", text),
            ("digest", text),
            ("record_digest", text),
            ("coder_version", text),
            ("codebook", text),
            ("registry", text),
            ("added", moment),
        ]
    ),
    "actors": pa.schema(
        [
            *_OF_RECORD,
            ("id", text),
            ("name", text),
            ("kind", text),
            ("country", text),
            ("sector", text),
            ("cameo", text),
            ("office", text),
            ("wikidata", text),
        ]
    ),
    "mentions": pa.schema([*_OF_RECORD, ("actor", text), ("words", text), ("spans", spans)]),
    "statements": pa.schema(
        [
            *_OF_RECORD,
            ("id", text),
            *_DATED,
            ("date", day),
            ("date_text", text),
            ("source", text),
            ("source_country", text),
            ("source_sector", text),
            ("source_words", text),
            ("cue", text),
            ("cue_lemma", text),
            ("content", text),
            ("kind", text),
            ("negated", flag),
            ("addressees", names),
            ("addressee_countries", names),
            ("occasion", text),
            ("parent", text),
            ("responds_to", text),
            ("confidence", real),
            ("source_spans", spans),
            ("cue_spans", spans),
            ("content_spans", spans),
        ]
    ),
    "events": pa.schema(
        [
            *_OF_RECORD,
            ("id", text),
            *_DATED,
            ("date", day),
            ("date_text", text),
            ("statement", text),
            ("sources", names),
            ("source_countries", names),
            ("targets", names),
            ("target_countries", names),
            ("plover", text),
            ("mode", text),
            ("contexts", names),
            ("cameo", text),
            ("goldstein", real),
            ("quad", text),
            ("modality", text),
            ("location_name", text),
            ("location_country", text),
            ("latitude", real),
            ("longitude", real),
            ("event_cluster", text),
            ("words", text),
            ("confidence", real),
            ("spans", spans),
        ]
    ),
    "positions": pa.schema(
        [
            *_OF_RECORD,
            ("id", text),
            *_DATED,
            ("statement", text),
            ("actor", text),
            ("actor_country", text),
            ("targets", names),
            ("target_countries", names),
            ("issues", names),
            ("kind", text),
            ("condition", text),
            ("words", text),
            ("confidence", real),
            ("spans", spans),
        ]
    ),
    "phrases": pa.schema(
        [
            *_OF_RECORD,
            *_DATED,
            ("phrase", text),
            ("statement", text),
            ("actor", text),
            ("actor_country", text),
            ("words", text),
            ("spans", spans),
        ]
    ),
    "signatures": pa.schema(
        [
            ("record", pa.int64()),
            ("document", text),
            ("runs", pa.list_(pa.uint32())),
        ]
    ),
    "reviews": pa.schema(
        [
            ("id", text),
            ("table", text),
            ("row", text),
            ("document", text),
            ("decision", text),
            ("corrections", text),
            ("reviewer", text),
            ("at", moment),
            ("reason", text),
        ]
    ),
    "failures": pa.schema([("id", text), ("source", text), ("reason", text), ("at", moment)]),
}

CODED = ("actors", "mentions", "statements", "events", "positions", "phrases")
"""Tables that hold parts of records; "documents" holds the rest."""

BATCHES = pa.schema(
    [
        ("seq", pa.int64()),
        ("batch", text),
        ("kind", text),
        ("at", moment),
        ("by", text),
        ("schema", whole),
        ("files", pa.list_(pa.struct([("table", text), ("path", text), ("rows", pa.int64()), ("bytes", pa.int64())]))),
        ("replaces", names),
        ("dead", pa.list_(pa.struct([("batch", text), ("records", pa.list_(pa.int64()))]))),
        ("note", text),
    ]
)
"""The log of an archive: one row a batch. A batch exists when its row is here, and not before."""

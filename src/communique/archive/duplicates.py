"""Near copies of a document: reprints with another headline, byline, cut, small edits or a paragraph of their own.

A signature is a sample of the hashes of all runs of `SHINGLE` words, chosen by the hash alone, so that a run is in all
signatures or in none (the MOD sketch of Broder, 1997, "On the resemblance and containment of documents"; FracMinHash in
Irber et al., 2022). Unlike a fixed number of MinHashes it estimates containment, also of a short text in a long one.

A document is a copy where at least `LEAST` of its sample is in that of an earlier document that is none: little of it
is new, and nothing is lost where only the earlier one is coded. The reverse does not hold: a follow-up that repeats an
earlier report, or the whole report after its brief, has more to say and is coded.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from communique.records import Document

if TYPE_CHECKING:
    from communique.archive.store import Archive

SHINGLE = 5
SAMPLE = 2  # one run of words in so many is kept
LEAST = 0.64
FEWEST_WORDS = 20  # shorter texts count as copies only where every word is the same
COMMON = 200  # a run of words in more reports than this is a form of words and tells nothing
_WORD = re.compile(r"\w+")
_MIX = np.uint64(0x9E3779B97F4A7C15)

Signature = NDArray[np.uint32]


def signature(text: str) -> Signature:
    """The sample of a text's runs of words, in order: the same on every machine. Never empty."""
    words = _WORD.findall(text.lower())
    if len(words) < FEWEST_WORDS:
        return np.array([_hash(" ".join(words)) & 0xFFFFFFFF], dtype=np.uint32)
    each = np.array([_hash(word) for word in words], dtype=np.uint64)
    runs = np.zeros(len(words) - SHINGLE + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for place in range(SHINGLE):
            runs = (runs ^ each[place : place + len(runs)]) * _MIX
            runs ^= runs >> np.uint64(29)
    sampled = runs[(runs >> np.uint64(32)) % np.uint64(SAMPLE) == 0]
    kept = sampled if len(sampled) else runs.min(keepdims=True)
    return np.unique(kept.astype(np.uint32))


def containment(a: Signature, b: Signature) -> float:
    """The share of `a` that is in `b`, which estimates how much of one text is in the other."""
    return float(np.isin(a, b).mean())


def mark_duplicates(archive: "Archive", documents: Sequence[Document]) -> list[Document]:
    """The documents, those that are near copies of an earlier one, here or in the archive, with `duplicate_of` set to
    the first of their family. Documents that name what they are a copy of keep it.

    A page is no copy of its own earlier version, and none of what was a copy of that.
    """
    archive.check_writable()
    signatures = [signature(d.text) for d in documents]
    alike = _in_archive(archive, documents, signatures)
    families = _families_of_pages(archive, documents)
    meeting: dict[int, list[int]] = {}
    marked: list[Document] = []
    for n, (document, own) in enumerate(zip(documents, signatures, strict=True)):
        found = alike.get(n, {})
        shared: dict[int, int] = {}
        for run in own.tolist():
            for other in meeting.get(run, ()):
                shared[other] = shared.get(other, 0) + 1
        for other, runs in shared.items():
            if documents[other].id != document.id and not _same_page(documents[other].url, document.url):
                found[families.get(documents[other].url, documents[other].id)] = runs / len(own)
        best = max(((share, family) for family, share in found.items()), default=(0.0, ""))
        if document.duplicate_of is None and best[0] >= LEAST:
            document = document.model_copy(update={"duplicate_of": best[1]})
        marked.append(document)
        if document.duplicate_of is None:
            for run in own.tolist():
                meeting.setdefault(run, []).append(n)
    return marked


def _in_archive(
    archive: "Archive", documents: Sequence[Document], signatures: Sequence[Signature]
) -> dict[int, dict[str, float]]:
    """Number of a document here -> families of the archive that may hold it -> how much of it their report holds."""
    pairs = [(n, run) for n, own in enumerate(signatures) for run in own.tolist()]
    rows = archive.ask(
        """
        WITH asked AS (SELECT unnest($numbers) AS n, unnest($runs)::UINTEGER AS run),
             met AS (
                 SELECT record, run FROM (
                     SELECT record, unnest(runs) AS run FROM internal.signatures
                     SEMI JOIN (SELECT record FROM machine.documents WHERE duplicate_of IS NULL) USING (record)
                 ) WHERE run IN (SELECT run FROM asked)
             ),
             telling AS (SELECT run FROM met GROUP BY run HAVING count(*) <= $common),
             shared AS (
                 SELECT n, record, count(*) AS runs FROM met JOIN telling USING (run) JOIN asked USING (run)
                 GROUP BY ALL
             )
        SELECT n, s.runs, d.id, d.family, d.url FROM shared s JOIN machine.documents d USING (record)
        WHERE s.runs >= ($least)[n + 1]
        """,
        {
            "numbers": [n for n, _ in pairs],
            "runs": [run for _, run in pairs],
            "common": COMMON,
            "least": [LEAST * len(own) for own in signatures],
        },
    )
    found: dict[int, dict[str, float]] = {}
    for row in rows.to_pylist():
        document = documents[row["n"]]
        if row["id"] != document.id and not _same_page(row["url"], document.url):
            found.setdefault(row["n"], {})[row["family"]] = row["runs"] / len(signatures[row["n"]])
    return found


def _families_of_pages(archive: "Archive", documents: Sequence[Document]) -> dict[str | None, str]:
    """Families of pages of which earlier versions are in the archive, by address."""
    urls = list({d.url for d in documents if d.url})
    rows = archive.ask(
        "SELECT url, family FROM machine.documents WHERE duplicate_of IS NULL AND url IN (SELECT unnest(?))", [urls]
    )
    return {row["url"]: row["family"] for row in rows.to_pylist()}


def _same_page(a: str | None, b: str | None) -> bool:
    return a is not None and a == b


@lru_cache(maxsize=200_000)
def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf8", "surrogatepass"), digest_size=8).digest(), "little")

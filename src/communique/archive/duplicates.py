"""Near copies of a document: reprints with another headline, byline, cut or small edits.

Signatures are MinHashes over shingles of three words (Broder, 1997, "On the resemblance and containment of documents"),
looked up by bands of three values (locality-sensitive hashing; Leskovec, Rajaraman and Ullman, Mining of Massive
Datasets, chapter 3). Two documents are copies where at least `LEAST` of the values agree.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from communique.records import Document

if TYPE_CHECKING:
    from communique.archive.store import Archive

VALUES = 126
ROWS = 3
LEAST = 0.4
SHINGLE = 3
FEWEST_WORDS = 20  # shorter texts count as copies only where every word is the same
_WORD = re.compile(r"\w+")

Signature = NDArray[np.uint32]


def signature(text: str) -> Signature:
    """The MinHash of a text: `VALUES` numbers, the same on every machine."""
    words = _WORD.findall(text.lower())
    if len(words) < FEWEST_WORDS:
        shingles = [" ".join(words)]
    else:
        shingles = [" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)]
    found = RMinHash(num_perm=VALUES, seed=42)
    found.update(shingles)
    return np.array(found.digest(), dtype=np.uint32)


def bands(of: Signature) -> list[int]:
    """Keys under which likely copies meet: one for each `ROWS` values."""
    grouped = of.astype(np.uint64).reshape(-1, ROWS)
    mixed = np.zeros(len(grouped), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for column in range(ROWS):
            mixed = (mixed ^ grouped[:, column]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= np.arange(len(grouped), dtype=np.uint64)
    return [int(v) for v in mixed.view(np.int64)]


def likeness(a: Signature, b: Signature) -> float:
    """The share of values that agree, which estimates the Jaccard index of the shingles."""
    return float((a == b).mean())


def mark_duplicates(archive: "Archive", documents: Sequence[Document]) -> list[Document]:
    """The documents, those that are near copies of an earlier one, here or in the archive, with `duplicate_of` set to
    the first of their family. Documents that name what they are a copy of keep it.
    """
    signatures = [signature(d.text) for d in documents]
    keys = [bands(s) for s in signatures]
    meeting: dict[int, list[tuple[str, str, Signature]]] = {}
    wanted = sorted({key for each in keys for key in each})
    if wanted:
        there = archive.ask(
            "SELECT document, family, bands, minhash FROM internal.signatures WHERE list_has_any(bands, ?)", [wanted]
        )
        for row in there.to_pylist():
            entry = (row["document"], row["family"], np.array(row["minhash"], dtype=np.uint32))
            for key in row["bands"]:
                meeting.setdefault(key, []).append(entry)
    marked = []
    for document, own, at in zip(documents, signatures, keys, strict=True):
        alike = {
            other: (likeness(own, theirs), family)
            for key in at
            for other, family, theirs in meeting.get(key, ())
            if other != document.id
        }
        best = max(alike.values(), key=lambda found: (found[0], found[1]), default=(0.0, ""))
        family = document.duplicate_of or (best[1] if best[0] >= LEAST else document.id)
        marked.append(document if family == document.id else document.model_copy(update={"duplicate_of": family}))
        for key in at:
            meeting.setdefault(key, []).append((document.id, family, own))
    return marked

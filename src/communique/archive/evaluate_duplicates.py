"""How well near copies are found: precision and recall on documents whose families are known."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from communique.archive.store import Archive
from communique.errors import InputError
from communique.records import Coder, Document, Record
from communique.scores import Score

CHUNK = 100
_CODER = Coder(version="evaluation", codebook="", registry="")


@dataclass(frozen=True, slots=True)
class Marked:
    """A document and the id of the first document of the family that it truly belongs to, which may be its own."""

    document: Document
    family: str
    kind: str


@dataclass
class Result:
    """Documents, by what they are and what they were taken for.

    right: copies found in their own family; found: all that were taken for a copy; copies: all that are one;
    kinds: kind -> (rightly judged, of); wrong: those judged wrongly, with the family found.
    """

    right: int = 0
    found: int = 0
    copies: int = 0
    kinds: dict[str, tuple[int, int]] = field(default_factory=dict)
    wrong: list[tuple[Marked, str]] = field(default_factory=list)

    @property
    def score(self) -> Score:
        """Of the documents taken for copies, and of those that are."""
        return Score(self.right, self.found, self.copies)


def read_marked(path: Path) -> list[Marked]:
    """Documents of a JSONL file, in the order in which they come in.

    Raises:
        InputError: no such file, or a line without id, text and family.
    """
    found = []
    try:
        lines = path.read_text("utf8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from None
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            found.append(
                Marked(Document(id=row["id"], text=row["text"]), str(row["family"]), str(row.get("kind") or "document"))
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{path} line {number}: {type(error).__name__} {error}; each line is a JSON object with id, text, "
                "family and, if wished, kind"
            ) from None
    return found


def evaluate_duplicates(marked: Sequence[Marked], archive: Archive) -> Result:
    """Put documents into an empty archive, some at a time, and compare the families found with the true ones."""
    result = Result()
    for start in range(0, len(marked), CHUNK):
        chunk = marked[start : start + CHUNK]
        documents = archive.mark_duplicates([m.document for m in chunk])
        archive.add([Record(document=d, coder=_CODER) for d in documents])
        _count(result, zip(chunk, documents, strict=True))
    return result


def _count(result: Result, judged: Iterable[tuple[Marked, Document]]) -> None:
    for truth, document in judged:
        family = document.duplicate_of or document.id
        right = family == truth.family
        result.found += document.duplicate_of is not None
        result.copies += truth.family != truth.document.id
        result.right += right and document.duplicate_of is not None
        good, of = result.kinds.get(truth.kind, (0, 0))
        result.kinds[truth.kind] = (good + right, of + 1)
        if not right:
            result.wrong.append((truth, family))

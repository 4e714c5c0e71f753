"""Key words in context: where a phrase stands in the documents, with the words around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from communique.analysis.tables import Day, as_day
from communique.archive.store import Archive
from communique.errors import InputError
from communique.records import Span


@dataclass(frozen=True, slots=True)
class Concordance:
    """One place. `span` are characters of the document; speaker is the actor whose statement it stands in."""

    document: str
    day: date | None
    publisher: str | None
    speaker: str | None
    left: str
    words: str
    right: str
    span: Span


def kwic(
    archive: Archive,
    phrase: str,
    *,
    width: int = 60,
    actor: str | None = None,
    start: Day = None,
    end: Day = None,
    limit: int | None = None,
) -> Iterator[Concordance]:
    """Places where a phrase stands, in any case, whatever blanks part its words, as whole words; by day.

    Args:
        archive: where to look. Near copies are left out.
        phrase: one word or several; * stands for any letters ("sanction*").
        width: characters to show on each side.
        actor: only inside statements of this actor or of this state's bodies and officials.
        start: first day of publication.
        end: last day, itself included.
        limit: at most so many places.

    Raises:
        InputError: the phrase is empty, or a day is none.
    """
    words = phrase.split()
    if not words or not any(c.isalnum() for c in phrase):
        raise InputError("give at least one word to look for")
    pattern = r"\s+".join(re.escape(w).replace(r"\*", r"\w*") for w in words)
    pattern = ("" if not re.match(r"[\w*]", words[0]) else r"\b") + pattern + (r"\b" if words[-1][-1].isalnum() else "")
    sought = re.compile(pattern, re.IGNORECASE)
    where: list[str] = ["duplicate_of IS NULL"]
    given: list[Any] = []
    # The longest literal piece narrows the search down before the exact pattern looks.
    piece = max((p for w in words for p in w.split("*")), key=len)
    if piece:
        where.append("contains(lower(text), lower(?))")
        given.append(piece)
    for day, compared in ((as_day(start, "from"), ">="), (as_day(end, "to"), "<=")):
        if day is not None:
            where.append(f"published {compared} ?")
            given.append(day)
    found = 0
    documents = archive.ask(
        f"SELECT record, id, published, publisher FROM documents WHERE {' AND '.join(where)} "
        "ORDER BY published NULLS FIRST, id",
        given,
    ).to_pylist()
    for first in range(0, len(documents), 200):
        chunk = documents[first : first + 200]
        keys = [d["record"] for d in chunk]
        texts = dict(
            zip(
                *archive.ask("SELECT record, text FROM documents WHERE record IN (SELECT unnest(?))", [keys])
                .to_pydict()
                .values(),
                strict=True,
            )
        )
        said = _speakers(archive, keys)
        for document in chunk:
            text = texts.get(document["record"], "")
            for match in sought.finditer(text):
                speaker, country = _speaker(said.get(document["record"], []), match.start(), match.end())
                if actor and not (
                    actor in (speaker, country) or (speaker is not None and speaker.startswith(actor + "/"))
                ):
                    continue
                yield Concordance(
                    document["id"],
                    document["published"],
                    document["publisher"],
                    speaker,
                    " ".join(text[max(0, match.start() - width) : match.start()].split("\n")),
                    " ".join(match.group().split()),
                    " ".join(text[match.end() : match.end() + width].split("\n")),
                    (match.start(), match.end()),
                )
                found += 1
                if limit is not None and found >= limit:
                    return


_Said = tuple[int, int, str | None, str | None]


def _speakers(archive: Archive, keys: list[int]) -> dict[int, list[_Said]]:
    rows = archive.ask(
        "SELECT record, source, source_country, content_spans FROM statements WHERE record IN (SELECT unnest(?))",
        [keys],
    )
    found: dict[int, list[_Said]] = {}
    for row in rows.to_pylist():
        for start, end in row["content_spans"] or ():
            found.setdefault(row["record"], []).append((start, end, row["source"], row["source_country"]))
    return found


def _speaker(said: list[_Said], start: int, end: int) -> tuple[str | None, str | None]:
    """Who says these characters: the innermost statement that holds them."""
    inside = [s for s in said if s[0] <= start and end <= s[1]]
    if not inside:
        return None, None
    _, _, speaker, country = min(inside, key=lambda s: s[1] - s[0])
    return speaker, country

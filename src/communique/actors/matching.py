"""Names in a text: one pass of an automaton over names, bodies and roles; the longest match wins.

Matching ignores accents and, but for acronyms and names that are words, case; offsets are those of the text.
"""

from dataclasses import dataclass

from communique.actors.entries import Body, Name, Role
from communique.actors.folding import fold
from communique.actors.indexing import Index, Surface
from communique.parsing import Parse


@dataclass(slots=True)
class Piece:
    """A match: characters [start, end), tokens first to last (included)."""

    start: int
    end: int
    first: int
    last: int
    names: list[Name]
    body: Body | None
    role: Role | None
    plural: bool
    text: str


def find_pieces(parse: Parse, index: Index) -> list[Piece]:
    """Every longest match in order of the text; none overlaps another."""
    text = parse.document.text
    folded = fold(text)
    date = parse.document.published
    raw: list[tuple[int, int, Surface]] = []
    size = len(folded)
    for end, (length, surface) in index.automaton.iter(folded):
        end += 1
        start = end - length
        if (start and folded[start - 1].isalnum()) or (end < size and folded[end].isalnum() and folded[end - 1] != "."):
            continue
        raw.append((start, -end, surface))
    raw.sort(key=lambda match: match[:2])
    pieces: list[Piece] = []
    done, first = 0, 0
    tokens = parse.tokens
    for start, minus, surface in raw:
        end = -minus
        if start < done:
            continue
        written = text[start:end]
        article = folded[max(0, start - 4) : start] == "the "
        names = [n for n in surface.names if _as_written(n, written, article) and n.on(date)]
        if not names and surface.body is None and surface.role is None:
            continue
        while first < len(tokens) and tokens[first].end <= start:
            first += 1
        last = first
        while last + 1 < len(tokens) and tokens[last + 1].start < end:
            last += 1
        if first >= len(tokens):
            break
        pieces.append(Piece(start, end, first, last, names, surface.body, surface.role, surface.plural, written))
        done = end
    return pieces


def _as_written(name: Name, written: str, article: bool) -> bool:
    """Acronyms and names that are words must match in case; of other names one letter at least is a capital."""
    if name.cased:
        if name.surface.startswith("the "):
            return article and written == name.surface[4:]
        return written == name.surface or (written.isupper() and len(written) > 4)
    return written != written.lower() or name.surface == name.surface.lower()

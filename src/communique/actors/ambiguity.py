"""Which of its meanings a name has here: by the words near it, by date, by what stands right beside it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from communique.actors.entries import Name
from communique.actors.matching import Piece
from communique.actors.registry import Registry
from communique.actors.words import Reading, Words
from communique.parsing import Parse

# Where one surface names several entries and nothing else decides: a body of its own before the state it serves.
_RANK = {"name": 0, "metonym": 1, "capital": 2, "adjective": 3, "demonym": 4}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name stands for. id: of the registry, "" where it is no actor; place: state of a place, or "";
    role: how the name stands for it (name, adjective, demonym, capital, metonym)."""

    id: str
    role: str = "name"
    place: str = ""


@dataclass
class Context:
    """What a document offers to decide by; the set of its words is built when first asked for.

    matched: tokens that some name, body or role of the registry covers.
    """

    parse: Parse
    registry: Registry
    words: Words
    matched: frozenset[int] = frozenset()
    _lower: frozenset[str] = field(default_factory=frozenset)
    _text: str = ""

    def near(self, wanted: frozenset[str]) -> int:
        """How many of the words or names the document holds."""
        if not self._lower:
            self._lower = frozenset(t.lower for t in self.parse.tokens)
            self._text = self.parse.document.text.lower()
        return sum(w in self._lower or (not w.isalpha() and w in self._text) for w in wanted)


def meaning(piece: Piece, context: Context) -> Meaning | None:
    """The meaning of a match that holds names; None where it is no name here (a person's, a common word)."""
    names = [n for n in piece.names if n.role != "person"]
    if not names or _inside_person(piece, context.parse) or _inside_name(piece, names, context):
        return None
    articled = all(n.surface.startswith("the ") for n in names)
    readings = context.words.readings.get(f"the {piece.text.lower()}" if articled else piece.text.lower())
    if readings is None:
        return _by_rank(names, context.registry, piece)
    chosen = _reading(piece, readings, context)
    if chosen is None or chosen.person:
        return None
    if chosen.place:
        government = next((n for n in names if n.role in {"capital", "metonym"}), None)
        if (
            government is not None
            and any(r.id == government.entry for r in readings)
            and _decides(piece, context.parse)
        ):
            return Meaning(government.entry, government.role)
        return Meaning("", "name", chosen.place)
    known = next((n for n in names if n.entry == chosen.id), None)
    if known is None and chosen.id not in context.registry.entries:
        return _by_rank(names, context.registry, piece)
    if known is None and not any(n.entry in {r.id for r in readings} for n in names):
        return _by_rank(names, context.registry, piece)
    return Meaning(chosen.id, known.role if known else names[0].role)


def _decides(piece: Piece, parse: Parse) -> bool:
    """Whether a name is the subject of what only a government does: say, ask, promise something."""
    token = parse.tokens[piece.last]
    below = (parse.tokens[j] for j in parse.children[token.head])
    return token.dep == "nsubj" and any(t.dep in {"ccomp", "xcomp"} and t.i > token.head for t in below)


def _by_rank(names: list[Name], registry: Registry, piece: Piece) -> Meaning:
    def rank(name: Name) -> tuple[bool, int, int, int]:
        entry = registry.entries[name.entry]
        gone = bool(entry.end) and not entry.start
        return (
            name.surface.removeprefix("the ") != piece.text,
            int(gone),
            int(entry.kind == "state" and name.role != "name"),
            _RANK.get(name.role, 5),
        )

    best = min(names, key=rank)
    return Meaning(best.entry, best.role)


def _reading(piece: Piece, readings: tuple[Reading, ...], context: Context) -> Reading | None:
    tokens = context.parse.tokens
    before = tokens[piece.first - 1].lower if piece.first else ""
    after = tokens[piece.last + 1].lower if piece.last + 1 < len(tokens) else ""
    for reading in readings:
        if before in reading.before or after in reading.after:
            return reading
    scores = [context.near(r.near) for r in readings]
    open_ = [r for r, score in zip(readings, scores, strict=True) if not r.needed or score]
    open_ = [r for r in open_ if not (r.before or r.after) or r.near]
    if not open_:
        return None
    best = max(scores)
    if best:
        return next(r for r, score in zip(readings, scores, strict=True) if score == best)
    return open_[0]


def _inside_name(piece: Piece, names: list[Name], context: Context) -> bool:
    """Whether a party's or firm's short name is the end of a longer one that no list has: "Free Democrats"."""
    tokens = context.parse.tokens
    if piece.first != piece.last or not piece.first:
        return False
    before = tokens[piece.first - 1]
    if any(context.registry.entries[n.entry].kind in {"state", "place"} for n in names):
        return False
    if before.start == tokens[context.parse.sentences[before.sentence][0]].start:
        return False
    return (
        before.sentence == tokens[piece.first].sentence
        and before.text[0].isupper()
        and before.dep in {"compound", "amod", "nmod"}
        and before.head == piece.first
        and before.tag in {"NNP", "JJ", "NNPS"}
        and before.end + 1 == piece.start
        and before.i not in context.matched
    )


def _inside_person(piece: Piece, parse: Parse) -> bool:
    """Whether the name is one word of a longer personal name: "Michael Jordan", "Paris Hilton"."""
    tokens = parse.tokens
    if tokens[piece.first].entity != "PERSON" or piece.last - piece.first > 0:
        return False

    def partner(i: int, step: Callable[[int], int]) -> bool:
        j = step(i)
        return (
            0 <= j < len(tokens)
            and tokens[j].entity == "PERSON"
            and tokens[j].text[:1].isupper()
            and tokens[j].sentence == tokens[i].sentence
            and not (tokens[j].entity_start if j > i else tokens[i].entity_start)
        )

    return partner(piece.first, lambda i: i - 1) or partner(piece.last, lambda i: i + 1)

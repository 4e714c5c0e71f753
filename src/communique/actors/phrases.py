"""Matches to phrases: a name, a body, a person by function, or a person's own name, each with what goes with it."""

from dataclasses import dataclass, field
from itertools import pairwise

from communique.actors.ambiguity import Context, Meaning, meaning
from communique.actors.entries import Body, Role
from communique.actors.folding import fold
from communique.actors.gazetteer import state_of_city
from communique.actors.indexing import Index
from communique.actors.matching import Piece, find_pieces
from communique.actors.places import is_place
from communique.actors.words import Words
from communique.parsing import Parse
from communique.records import Span

_NOUN = frozenset({"NOUN", "PROPN"})
_NO_NAME = frozenset({"DATE", "TIME", "CARDINAL", "ORDINAL", "MONEY", "PERCENT"})


@dataclass(slots=True, eq=False)
class Phrase:
    """A noun phrase that may stand for an actor. Tokens first to last (included); spans are its characters.

    meaning: what a registry name stands for; adjective: it does so as an adjective; owners: whose body or official it
    is; pronoun: token of a possessive in that place; title: the office as written, without its owner; person: tokens
    (first, last) of a person's name; known: ids of the registry with that name; reach: last token of a complement
    that is no part of it ("to France"); location: a place that follows ("in Ankara"); partial: it is
    of a part of its owner ("of Canada's Alberta province"); dead: taken into another.
    """

    spans: list[Span]
    first: int
    last: int
    text: str
    meaning: Meaning | None = None
    adjective: bool = False
    body: Body | None = None
    role: Role | None = None
    plural: bool = False
    owners: list["Phrase"] = field(default_factory=list)
    pronoun: int | None = None
    title: Span | None = None
    former: bool = False
    person: Span | None = None
    known: tuple[str, ...] = ()
    named: Span | None = None
    place: bool = False
    state: bool = False
    relational: bool = False
    reach: int = 0
    location: "Phrase | None" = None
    partial: bool = False
    dead: bool = False

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]

    @property
    def described(self) -> bool:
        """Whether it is a body or a person by function, and not only a name."""
        return self.body is not None or self.role is not None


def find_phrases(parse: Parse, index: Index, words: Words) -> list[Phrase]:
    """Names, body and role nouns and persons' names, in order, not yet tied to each other."""
    pieces = find_pieces(parse, index)
    matched = frozenset(i for piece in pieces for i in range(piece.first, piece.last + 1))
    context = Context(parse, index.registry, words, matched)
    found: list[Phrase] = []
    taken: set[int] = set()
    for piece in pieces:
        phrase = _phrase(piece, context, index)
        if phrase is not None:
            found.append(phrase)
            taken.update(range(phrase.first, phrase.last + 1))
    runs = [
        _person(parse, run, index)
        for run in _entity_runs(parse, taken, frozenset({"PERSON"}))
        if parse.tokens[run[1]].lower not in words["papers"]
    ]
    states = frozenset(p.meaning.id for p in found if p.meaning is not None and p.state)
    runs += [
        city
        for run in _entity_runs(parse, taken, frozenset({"GPE", "LOC"}))
        if (city := _city(parse, run, states, index)) is not None
    ]
    for run in runs:
        taken.update(range(run.first, run.last + 1))
    found += runs
    found += [
        _prefix(parse, i, words)
        for i in range(len(parse.tokens) - 2)
        if parse.tokens[i].text in words.prefixes and i not in taken and parse.tokens[i + 1].text == "-"
    ]
    found.sort(key=lambda p: p.start)
    _coordinate_places(parse, found)
    return _without_hyphened_origins(found, parse)


def _coordinate_places(parse: Parse, found: list[Phrase]) -> None:
    """ "in Washington and London": what is coordinated with a place is a place."""
    for a, b in pairwise(found):
        if not a.place or b.place or b.meaning is None or b.adjective or b.relational or not b.state:
            continue
        between = parse.tokens[a.last + 1 : b.first]
        if between and all(t.lower in {"and", "or", ","} for t in between) and parse.tokens[b.last].dep == "conj":
            b.place = True


def _phrase(piece: Piece, context: Context, index: Index) -> Phrase | None:
    parse = context.parse
    tokens = parse.tokens
    ids = tuple(dict.fromkeys(n.entry for n in piece.names if n.role == "person"))
    if ids and piece.body is None and piece.role is None and all(n.role == "person" for n in piece.names):
        return _person(parse, (piece.first, piece.last), index, ids)
    body, role = piece.body, piece.role
    last = tokens[piece.last]
    inside_name = tokens[piece.first].entity == "PERSON" and not tokens[piece.first].entity_start
    if (body or role) and (inside_name or (last.pos not in _NOUN and not _headline(parse, last.sentence))):
        body = role = None
    sense = meaning(piece, context) if piece.names else None
    if sense is None and body is None and role is None:
        return None
    phrase = Phrase([(piece.start, piece.end)], piece.first, piece.last, piece.text, sense, reach=piece.last)
    phrase.body, phrase.role, phrase.plural = body, role, piece.plural
    if body is not None or role is not None:
        phrase.title = (piece.start, piece.end)
    if sense is not None:
        _describe_name(phrase, piece, context)
    return phrase


def _describe_name(phrase: Phrase, piece: Piece, context: Context) -> None:
    """Adjective or noun, place or actor, owner or "backed by"."""
    parse, words = context.parse, context.words
    tokens = parse.tokens
    assert phrase.meaning is not None
    roles = {n.role for n in piece.names if n.entry == phrase.meaning.id} or {phrase.meaning.role}
    phrase.adjective = bool(roles & {"adjective", "demonym"})
    text = parse.document.text
    if text[piece.end : piece.end + 1] == "-":
        following = fold(text[piece.end + 1 : piece.end + 16]).split(" ")[0].strip(",.;")
        phrase.relational = following in words["relational"]
    before = fold(text[max(0, piece.start - 6) : piece.start])
    if before.endswith("-") and before.rstrip("-").split(" ")[-1] in words["prefix_signs"]:
        phrase.relational = True
    kind = context.registry.entries[phrase.meaning.id].kind if phrase.meaning.id else "state"
    phrase.state = kind == "state"
    noun = roles & {"name", "capital"} and tokens[piece.last].tag != "JJ"
    dateline = parse.dateline
    if phrase.meaning.place or (dateline and dateline[0] <= piece.start < dateline[1]):
        phrase.place = True
    elif phrase.state and "name" not in roles and noun and _longer_name(parse, piece, context):
        phrase.place = phrase.relational = True
    elif kind == "place":
        phrase.place = True
    elif phrase.state and noun and not phrase.relational:
        capital = "name" not in roles
        phrase.place = is_place(parse, piece.first, piece.last, capital, words)
    demonym = "demonym" in roles and "name" not in roles
    if demonym and (tokens[piece.last].tag in {"NNS", "NNPS"} or "adjective" not in roles) and phrase.body is None:
        phrase.plural = True


def _longer_name(parse: Parse, piece: Piece, context: Context) -> bool:
    """Whether a city's name begins a longer one: "Nassau County", "Vienna Convention"."""
    i = piece.last + 1
    if i >= len(parse.tokens) or i in context.matched:
        return False
    token = parse.tokens[i]
    return token.pos == "PROPN" and token.text[0].isupper() and token.start == piece.end + 1


def _headline(parse: Parse, sentence: int) -> bool:
    first, end = parse.sentences[sentence]
    return all(not t.text.isalpha() or t.text.isupper() for t in parse.tokens[first:end])


def _person(parse: Parse, run: Span, index: Index, ids: tuple[str, ...] = ()) -> Phrase:
    first, last = run
    start, end = parse.tokens[first].start, parse.tokens[last].end
    text = parse.document.text[start:end]
    ids = ids or index.persons.get(fold(text), ())
    return Phrase([(start, end)], first, last, text, person=run, known=ids, reach=last)


def _city(parse: Parse, run: Span, states: frozenset[str], index: Index) -> Phrase | None:
    """A city that the registry does not have: a place in its state, and no actor."""
    first, last = run
    start, end = parse.tokens[first].start, parse.tokens[last].end
    text = parse.document.text[start:end]
    state = state_of_city(fold(text), states)
    if state not in index.registry.entries:
        return None
    following = parse.tokens[last + 1] if last + 1 < len(parse.tokens) else None
    longer = (
        following is not None and following.pos == "PROPN" and following.entity == "" and following.start == end + 1
    )
    return Phrase(
        [(start, end)], first, last, text, Meaning("", "name", state), place=True, relational=longer, reach=last
    )


def _entity_runs(parse: Parse, taken: set[int], labels: frozenset[str]) -> list[Span]:
    """Tokens of entities with one of the labels that no match has taken, without possessive marks."""
    found: list[Span] = []
    start: int | None = None
    for token in parse.tokens:
        i = token.i
        inside = token.entity in labels and i not in taken and (token.text[0].isupper() or token.text == "-")
        if start is not None and (not inside or token.entity_start):
            found.append((start, i - 1))
            start = None
        if inside and start is None and token.pos in _NOUN:
            start = i
    if start is not None:
        found.append((start, len(parse.tokens) - 1))
    return found


def name_run(parse: Parse, i: int, words: Words, taken: frozenset[int] | set[int] = frozenset()) -> int:
    """Last token of a proper name that begins at token `i`, or i - 1 where none does."""
    tokens = parse.tokens
    last = i - 1
    j = i
    while j < len(tokens) and j - i < 6 and j not in taken and tokens[j].sentence == tokens[i].sentence:
        token = tokens[j]
        joined = j > i and tokens[j - 1].text == "-" and token.start == tokens[j - 1].end
        if joined or (
            token.text[0].isupper() and token.pos in {"PROPN", "NOUN", "ADJ", "X"} and token.entity not in _NO_NAME
        ):
            last = j
        elif not (j > i and token.lower in words["particles"]) or token.tag == "POS":
            break
        j += 1
    return last


def _prefix(parse: Parse, i: int, words: Words) -> Phrase:
    token = parse.tokens[i]
    sense = Meaning(words.prefixes[token.text], "adjective")
    return Phrase([(token.start, token.end)], i, i, token.text, sense, adjective=True, relational=True, reach=i)


def _without_hyphened_origins(found: list[Phrase], parse: Parse) -> list[Phrase]:
    """Drop the first of "Cuban-Americans", "Chinese Australian": citizens of the second state."""
    text = parse.document.text
    dropped = set()
    for a, b in pairwise(found):
        gap = text[a.end : b.start]
        if a.meaning is None or b.meaning is None or not (a.adjective and b.adjective) or gap not in {" ", "-"}:
            continue
        people = b.plural or b.text == "American"
        if gap == " " or people:
            dropped.add(id(a))
    return [p for p in found if id(p) not in dropped]

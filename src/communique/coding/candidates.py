"""Narrated deeds: every predicate of a document that the event lexicon knows, with its actors."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from communique.coding.clauses import Predicate, adjective_predicate, noun_predicate, verb_predicate
from communique.coding.codebook import INTENT, Codebook
from communique.coding.participants import Participants
from communique.coding.patterns import Entry, matches
from communique.parsing.parse import Parse, Token
from communique.records import Modality

_KINDS = {"VERB": "v", "AUX": "v", "NOUN": "n", "ADJ": "a"}
_BY_RULERS = frozenset({"COERCE", "RETREAT", "SANCTION"})
_HEADS_A_NOUN = frozenset({"compound", "amod", "nmod"})


@dataclass(slots=True)
class Candidate:
    """A deed that may become an event. evidence: token indices; statement: id of the statement that holds it."""

    predicate: Predicate
    name: str
    mode: str | None
    cameo: str | None
    contexts: tuple[str, ...]
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    modality: Modality
    evidence: list[int]
    strength: int
    statement: str | None = None
    act: str = "deed"
    confidence: float = 1.0
    absorbed: set[int] = field(default_factory=set)


def predicate_at(parse: Parse, token: Token, book: Codebook) -> Predicate | None:
    """The predicate that a token heads, or None where it cannot head one."""
    kind = _KINDS.get(token.pos)
    if kind is None or token.dep in {"aux", "auxpass"}:
        return None
    if kind == "v":
        return None if token.dep in _HEADS_A_NOUN else verb_predicate(parse, token.i)
    if kind == "n":
        if token.dep in _HEADS_A_NOUN:
            return None
        none: frozenset[str] = frozenset()
        return noun_predicate(parse, token.i, book.sets.get("light", none), book.sets.get("receiving", none))
    return adjective_predicate(parse, token.i) if token.dep in {"acomp", "ROOT", "attr", "oprd", "conj"} else None


def best_entry(book: Codebook, predicate: Predicate, kinds: Iterable[str]) -> Entry | None:
    """The most telling row of the lexicon that matches a predicate."""
    found = [
        entry for kind in kinds for entry in book.entries.get((kind, predicate.lemma), ()) if matches(entry, predicate)
    ]
    return max(found, key=lambda entry: entry.rank) if found else None


def predicates(parse: Parse, book: Codebook) -> Iterator[tuple[Predicate, Entry]]:
    """Every predicate that a row of the lexicon matches, in order of the text."""
    for token in parse.tokens:
        kind = _KINDS.get(token.pos)
        if kind is None or (kind, token.lemma.lower()) not in book.entries:
            continue
        predicate = predicate_at(parse, token, book)
        if predicate is None:
            continue
        entry = best_entry(book, predicate, (kind,))
        if entry is not None:
            yield predicate, entry


def absorbed_by(predicate: Predicate, entry: Entry) -> set[int]:
    """Tokens whose own deed is part of this one: the object of "held talks", the verb of "agreed to release"."""
    parse = predicate.parse
    found = set()
    if predicate.kind == "v":
        for test, words in entry.needs:
            if test in {"obj", "any"}:
                found |= {
                    i
                    for i in predicate.scope
                    if parse.tokens[i].pos == "NOUN" and parse.tokens[i].lemma.lower() in words
                }
    if entry.name in {INTENT, "AGREE", "REJECT", "THREATEN", "REQUEST", "SUPPORT", "CONCEDE"}:
        for inner in predicate.complements:
            found |= {inner, *(j for j in parse.children[inner] if parse.tokens[j].dep in {"conj", "dobj", "xcomp"})}
        found |= {
            i
            for name in ("for", "of", "to", "with")
            for i in predicate.prepositions.get(name, ())
            if parse.tokens[i].pos in {"NOUN", "VERB"}
        }
        found |= {i for i in predicate.objects if predicate.kind == "v"}
    if predicate.light is not None and predicate.kind == "n":
        found.add(predicate.light)
    return found - {predicate.head}


def sources_of(predicate: Predicate, participants: Participants, entry: Entry) -> list[str]:
    """Actors that do what a predicate reports."""
    found = participants.of_all(predicate.subjects) or participants.of_all(predicate.fallback)
    if found:
        return found
    tokens = predicate.parse.tokens
    if predicate.kind != "n":
        # "was arrested in Niger": by those who rule there
        states = participants.of_all([*predicate.prepositions.get("in", []), *predicate.prepositions.get("from", [])])
        ruled = predicate.passive and entry.name in _BY_RULERS
        return [a for a in states if participants.is_state(a)][:1] if ruled else []
    found = list(
        dict.fromkeys(
            a
            for j in predicate.objects
            if tokens[j].dep in {"amod", "compound", "nmod"}
            for a in participants.by_token.get(j, ())
        )
    )
    if not found and "@of" not in entry.target:
        found = participants.of_all(predicate.prepositions.get("of", []))
    if not found:
        found = participants.of_all(predicate.prepositions.get("from", [])) if "@from" not in entry.target else []
    return found


def code_of_complement(predicate: Predicate, book: Codebook) -> tuple[str | None, Entry | None]:
    """CAMEO code and lexicon row of the deed that an act of speech is about: what is agreed, refused, asked for."""
    tokens = predicate.parse.tokens
    inner = [*predicate.complements]
    inner += [i for name in ("for", "on", "to", "with") for i in predicate.prepositions.get(name, ())]
    inner += predicate.objects if predicate.kind == "v" else []
    for i in inner:
        below = predicate_at(predicate.parse, tokens[i], book)
        if below is None or i == predicate.head:
            continue
        entry = best_entry(book, below, (below.kind,))
        if entry is not None and entry.name != INTENT:
            return entry.cameo, entry
    return None, None

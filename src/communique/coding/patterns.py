"""The little language of the event lexicon: what must stand around a word for a row to count, and where the target is.

needs   conditions separated by spaces, all of which must hold; "|" separates alternatives:
          prt:out          the verb has this particle
          @on|@against     a phrase with one of these prepositions hangs below
          obj:$aid|rice    the object (or passive subject), or a word that modifies it, is one of these; * is any
          subj:worker      the same of the subject
          xcomp:release|*  the verb governs one of these verbs ("agreed to release")
          any:nuclear      one of these words is in the clause; "_" stands for a space
          by:launch        (nouns) the noun is the object of one of these verbs
          aux:will         the verb has this auxiliary
        "!" before a condition: it must not hold
target  where to look for the target, in order, separated by "|": obj, dative, @with, compound, any
"""

from dataclasses import dataclass

from communique.coding.clauses import Predicate

TESTS = frozenset({"prt", "obj", "subj", "xcomp", "any", "by", "aux"})
PLACES = frozenset({"obj", "dative", "any", "compound"})
ANY = frozenset({"*"})


class PatternError(ValueError):
    """A row of the lexicon that cannot be read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the lexicon. needs: (test, words); strength: 3 sure, 2 likely, 1 only with other evidence."""

    kind: str
    words: tuple[str, ...]
    needs: tuple[tuple[str, frozenset[str]], ...]
    name: str
    mode: str | None
    cameo: str | None
    contexts: tuple[str, ...]
    target: tuple[str, ...]
    strength: int

    @property
    def rank(self) -> tuple[int, int]:
        """How telling a match is: the more conditions the better, then the surer."""
        return sum(not test.startswith("!") for test, _ in self.needs), self.strength


def read_entry(row: dict[str, str], sets: dict[str, frozenset[str]]) -> Entry:
    """Read one row.

    Args:
        row: cells by column.
        sets: the codebook's named sets of words.

    Raises:
        PatternError: a cell is not in the language above.
    """
    needs = tuple(_need(part, sets) for part in row["needs"].split())
    target = tuple(row["target"].split("|")) if row["target"] else ("any",)
    for place in target:
        if place not in PLACES and not (place.startswith("@") and len(place) > 1):
            raise PatternError(f"target {place!r} is not one of {', '.join(sorted(PLACES))} or @ with a preposition")
    if row["strength"] not in {"1", "2", "3"}:
        raise PatternError(f"strength {row['strength']!r} must be 1, 2 or 3")
    words = tuple(w for w in row["words"].split(",") if w)
    if not words:
        raise PatternError("has no words")
    return Entry(
        kind=row["kind"],
        words=words,
        needs=needs,
        name=row["class"],
        mode=row["mode"] or None,
        cameo=row["cameo"] or None,
        contexts=tuple(row["contexts"].split(";")) if row["contexts"] else (),
        target=target,
        strength=int(row["strength"]),
    )


def _need(part: str, sets: dict[str, frozenset[str]]) -> tuple[str, frozenset[str]]:
    if part.startswith("!"):
        inverted, excluded = _need(part[1:], sets)
        return f"!{inverted}", excluded
    if part.startswith("@"):
        return "@", frozenset(p.removeprefix("@") for p in part.split("|"))
    test, colon, words = part.partition(":")
    if not colon or test not in TESTS:
        raise PatternError(f"condition {part!r} is not one of {', '.join(sorted(TESTS))} with a colon, or @")
    found: set[str] = set()
    for word in words.split("|"):
        if word.startswith("$"):
            if word[1:] not in sets:
                raise PatternError(f"set {word!r} is not defined")
            found |= sets[word[1:]]
        else:
            found.add(word)
    return test, frozenset(w.replace("_", " ") for w in found)


def matches(entry: Entry, predicate: Predicate) -> bool:
    """Whether all conditions of a lexicon row hold of a predicate."""
    return all(_holds(test, words, predicate) for test, words in entry.needs)


def excluded(entry: Entry, predicate: Predicate) -> bool:
    """Whether a row would match but for a condition that must not hold: the lexicon says that this is no such deed."""
    failed = [test for test, words in entry.needs if not _holds(test, words, predicate)]
    return bool(failed) and all(test.startswith("!") for test in failed)


def _holds(test: str, words: frozenset[str], predicate: Predicate) -> bool:
    if test.startswith("!"):
        return not _holds(test[1:], words, predicate)
    if test == "@":
        return not words.isdisjoint(predicate.prepositions)
    if test == "prt":
        return not words.isdisjoint(predicate.particles)
    if test == "obj":
        return _among(words, predicate, predicate.objects)
    if test == "subj":
        return _among(words, predicate, predicate.subjects)
    if test == "xcomp":
        found = {predicate.parse.tokens[i].lemma.lower() for i in predicate.complements}
        return bool(found) if words == ANY else not words.isdisjoint(found)
    if test == "by":
        return predicate.light is not None and predicate.parse.tokens[predicate.light].lemma.lower() in words
    if test == "aux":
        return not words.isdisjoint(predicate.auxiliaries)
    return not words.isdisjoint(predicate.words) or any(" " in w and w in predicate.wording for w in words)


def _among(words: frozenset[str], predicate: Predicate, heads: list[int]) -> bool:
    if words == ANY:
        return bool(heads)
    tokens = predicate.parse.tokens
    for head in heads:
        if tokens[head].lemma.lower() in words or tokens[head].lower in words:
            return True
        for child in predicate.parse.children[head]:
            if tokens[child].dep in {"compound", "amod", "nmod"} and tokens[child].lemma.lower() in words:
                return True
            # "a group of soldiers", "30 tonnes of rice": what is counted, not the measure
            if tokens[child].lower == "of" and any(
                tokens[g].lemma.lower() in words for g in predicate.parse.children[child]
            ):
                return True
    return False

"""Whether a name of a state or city is only a place here: "in Tokyo" names no actor, "Tokyo said" does."""

from communique.actors.words import Words
from communique.parsing import Parse, Token

_NOMINAL = frozenset({"NOUN", "PROPN"})


def is_place(parse: Parse, first: int, last: int, capital: bool, words: Words) -> bool:
    """Whether tokens `first` to `last` (included) stand for a place and no actor.

    Args:
        capital: the name is a city's; a city is a place in more surroundings than a state ("the Berlin conference").
    """
    tokens = parse.tokens
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    if after is not None and after.tag == "POS":
        return _owns_a_place(parse, last, words)
    if capital and _modifies(parse, last, after):
        return True
    before = first - 1
    while before >= 0 and (tokens[before].tag in {"DT", "PRP$"} or tokens[before].lower in words["direction"]):
        before -= 1
    if before < 0 or tokens[before].sentence != tokens[first].sentence:
        return False
    word = tokens[before]
    if word.lower in words["place_prepositions"] and word.pos in {"ADP", "SCONJ", "ADV", "PART"}:
        return not _is_no_location(parse, before, words)
    if word.lower in {"to", "from", "for", "toward", "towards"}:
        return _moved(parse, before, words, capital)
    if capital and word.lower == "of":
        head = tokens[word.head]
        return head.lemma.lower() in words["place_nouns"]
    if capital and word.pos == "VERB" and word.lemma.lower() in words["place_verbs"]:
        return tokens[last].dep in {"dobj", "pobj", "obj"} or tokens[last].head == before
    if word.text == "," and before:
        return _in_address(parse, before - 1, first, after)
    return False


def _modifies(parse: Parse, last: int, after: Token | None) -> bool:
    """A city before a noun: "the Berlin conference"; not "Beijing-backed", and not before a hyphen."""
    if after is None or after.pos not in _NOMINAL or after.sentence != parse.tokens[last].sentence:
        return False
    return parse.tokens[last].dep in {"compound", "nmod", "amod"}


def _owns_a_place(parse: Parse, last: int, words: Words) -> bool:
    owned = parse.tokens[parse.tokens[last].head]
    return (
        owned.i > last
        and owned.lemma.lower() in words["place_nouns"]
        and owned.lemma.lower() not in {"people", "mayor", "resident", "governor"}
    )


def _is_no_location(parse: Parse, preposition: int, words: Words) -> bool:
    head = parse.tokens[parse.tokens[preposition].head]
    return head.lemma.lower() in words["not_place_heads"]


def _moved(parse: Parse, preposition: int, words: Words, capital: bool) -> bool:
    tokens = parse.tokens
    word = tokens[preposition]
    heads = [tokens[word.head], *(tokens[i] for i in parse.ancestors(word.head))][:2]
    moves = any(h.lemma.lower() in words["motion"] and h.i < preposition for h in heads[:1])
    if word.lower == "to" and moves:
        # a visit to a state is a visit to its government; a flight to a capital is a flight
        return capital
    return moves


def _in_address(parse: Parse, before_comma: int, first: int, after: Token | None) -> bool:
    """ "Jeddah, Saudi Arabia," : a state behind the comma after a city that a preposition of place governs."""
    city = parse.tokens[before_comma]
    if city.pos != "PROPN" or city.entity not in {"GPE", "LOC", "FAC"}:
        return False
    j = before_comma
    while j > 0 and parse.tokens[j - 1].pos == "PROPN":
        j -= 1
    return j > 0 and parse.tokens[j - 1].pos == "ADP" and (after is None or after.text in {",", ".", ";", ")"})

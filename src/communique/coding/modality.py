"""Whether an event has happened, is announced, demanded, conditional, denied or hearsay, and whether it is history."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from communique.coding.clauses import Predicate, clause_tokens
from communique.data import data_path, parse_yaml
from communique.errors import DataError
from communique.parsing.parse import Parse
from communique.records import Modality

_FIELDS = (
    "demanding",
    "conditional",
    "conditional_verbs",
    "denying",
    "negative",
    "hearsay",
    "announcing",
    "upcoming",
    "background",
    "background_prepositions",
    "discussing",
)
_YEAR = re.compile(r"(1[89]\d\d|20\d\d)s?")


@dataclass(frozen=True)
class ModalityWords:
    """Word lists of data/codebooks/modality.yaml."""

    words: dict[str, frozenset[str]]


@cache
def load_modality(path: Path | None = None) -> ModalityWords:
    """Read the word lists.

    Raises:
        DataError: a list is missing or is no list of lower-case words.
    """
    file = path or data_path("codebooks", "modality.yaml")
    raw = parse_yaml(file.read_text(encoding="utf8"))
    for field in _FIELDS:
        values = raw.get(field) if isinstance(raw, dict) else None
        if not isinstance(values, list) or not all(isinstance(v, str) and v == v.lower() for v in values):
            raise DataError(f"{file.name}: {field!r} must be a list of lower-case words")
    return ModalityWords({field: frozenset(raw[field]) for field in _FIELDS})


def governing_verb(parse: Parse, head: int) -> int | None:
    """The nearest verb above a token, or None."""
    for i in parse.ancestors(head):
        if parse.tokens[i].pos in {"VERB", "AUX"}:
            return i
    return None


def modality_of(predicate: Predicate) -> Modality:
    """Modality of the deed that a predicate reports, from auxiliaries, governors and modifiers."""
    words = load_modality().words
    parse, tokens = predicate.parse, predicate.parse.tokens
    chain = [predicate.head]
    if predicate.kind == "n":
        modifiers = {
            tokens[j].lower for j in parse.children[predicate.head] if tokens[j].dep in {"amod", "advmod", "det", "neg"}
        }
        if modifiers & words["upcoming"]:
            return "future"
        if modifiers & words["conditional"]:
            return "conditional"
        if modifiers & words["hearsay"]:
            return "reported"
        if modifiers & {"no", "any"}:
            return "denied"
        governor = predicate.light if predicate.light is not None else governing_verb(parse, predicate.head)
        if governor is None:
            return "past"
        if governor != predicate.light:
            return _of_noun_under(predicate, governor)
        chain = [governor]
    elif predicate.kind == "a":
        chain = [tokens[predicate.head].head]
    return _of_verb(parse, chain[0])


def _of_verb(parse: Parse, verb: int) -> Modality:
    """Modality of a verb by its own auxiliaries, then by the verbs that govern it."""
    words = load_modality().words
    tokens = parse.tokens
    infinitive = False
    seen = 0
    while True:
        seen += 1
        token = tokens[verb]
        children = [tokens[j] for j in parse.children[verb]]
        if any(c.dep == "mark" and c.lower in {"if", "unless", "whether"} for c in children):
            return "conditional"
        if any(c.dep == "neg" or (c.dep in {"advmod", "preconj"} and c.lower in words["negative"]) for c in children):
            return "denied"
        auxiliaries = {c.lower for c in children if c.dep in {"aux", "auxpass"}}
        if auxiliaries & {"must", "should", "ought"}:
            return "demanded"
        if "would" in auxiliaries and _is_will_reported(parse, verb):
            return "future"
        if auxiliaries & words["conditional"]:
            return "conditional"
        if auxiliaries & {"will", "shall", "'ll", "wo", "’ll"}:
            return "future"
        if any(c.dep == "advmod" and c.lower in words["hearsay"] for c in children):
            return "reported"
        infinitive = infinitive or (token.tag == "VB" and "to" in auxiliaries)
        governor = tokens[token.head]
        if token.dep == "conj" and governor.pos in {"VERB", "AUX"} and seen < 6:
            verb = governor.i
            if token.tag in {"VBD", "VBZ"}:  # has its own tense
                return "past" if token.tag == "VBD" else "present"
            continue
        if token.dep in {"xcomp", "ccomp", "pcomp", "acl", "advcl", "relcl"} and governor.i != token.i and seen < 6:
            above = governor
            if token.dep == "pcomp":
                if governor.lower in {"without", "than"} or tokens[governor.head].lower == "instead":
                    return "denied"
                found = governing_verb(parse, token.i)
                above = tokens[found] if found is not None else governor
            lemma = above.lemma.lower()
            if lemma in words["denying"]:
                return "denied"
            if infinitive and lemma in words["demanding"]:
                return "demanded"
            if (
                token.dep == "ccomp"
                and lemma in {"demand", "insist", "request", "require", "propose"}
                and token.tag == "VB"
            ):
                return "demanded"
            if infinitive and lemma in words["announcing"]:
                return "future"
            if lemma in words["hearsay"] and token.dep in {"ccomp", "xcomp", "pcomp"}:
                return "reported"
            if infinitive and lemma in words["conditional_verbs"]:
                return "conditional"
            if infinitive and token.dep == "xcomp" and above.pos in {"VERB", "AUX"}:
                verb = above.i
                if lemma in {"be", "have", "go"}:
                    return "future"
                continue
            if infinitive and token.dep == "acl":
                return "demanded" if lemma in words["demanding"] else "future"
            if infinitive and token.dep == "advcl":
                return "conditional"  # purpose: "sent envoys to mediate"
        if token.tag in {"VBZ", "VBP", "VBG"} and not auxiliaries & {"have", "has", "had", "was", "were", "'ve"}:
            return "present"
        return "past"


def _is_will_reported(parse: Parse, verb: int) -> bool:
    """Whether "would" is only "will" in the past: "Ghana said it would free the sailors"."""
    tokens = parse.tokens
    token, governor = tokens[verb], tokens[tokens[verb].head]
    if token.dep != "ccomp" or governor.tag not in {"VBD", "VBN"}:
        return False
    return any(tokens[j].dep == "nsubj" and tokens[j].pos == "PRON" for j in parse.children[verb])


def _of_noun_under(predicate: Predicate, governor: int) -> Modality:
    """Modality of a deed named by a noun, from the verb that it depends on without being its light-verb object."""
    words = load_modality().words
    parse, tokens = predicate.parse, predicate.parse.tokens
    lemma = tokens[governor].lemma.lower()
    if lemma in words["denying"] and tokens[predicate.head].dep in {"dobj", "nsubjpass", "conj"}:
        return "denied"
    if lemma in words["demanding"] or (lemma in {"call", "appeal", "push", "press"} and _under(predicate, "for")):
        return "demanded"
    if lemma in words["announcing"]:
        return "future"
    if tokens[predicate.head].dep in {"nsubj", "nsubjpass"}:
        found = _of_verb(parse, governor)
        if found in {"future", "conditional", "reported"}:
            return found
    if lemma in words["discussing"] and _announced_in_sentence(predicate):
        return "future"
    return "past"


def _under(predicate: Predicate, preposition: str) -> bool:
    above = predicate.parse.tokens[predicate.parse.tokens[predicate.head].head]
    return above.lower == preposition


def _announced_in_sentence(predicate: Predicate) -> bool:
    """Whether the sentence goes on to say what the one who travels or meets will do there."""
    parse, tokens = predicate.parse, predicate.parse.tokens
    first, end = parse.sentences[tokens[predicate.head].sentence]
    names = {tokens[i].lower for s in predicate.subjects for i in parse.subtree(s) if tokens[i].pos == "PROPN"}
    for i in range(first, end):
        if tokens[i].lower in {"will", "'ll", "’ll"} and tokens[i].dep == "aux":
            subjects = [j for j in parse.children[tokens[i].head] if tokens[j].dep in {"nsubj", "nsubjpass"}]
            if any(tokens[j].lower in names or tokens[j].pos == "PRON" for j in subjects):
                return True
    return False


def is_background(predicate: Predicate, date: str | None, published: str | None) -> bool:
    """Whether a predicate recalls history instead of telling news.

    Args:
        date: the event's own day as ISO 8601 where stated.
        published: the document's day.
    """
    words = load_modality().words
    parse, tokens = predicate.parse, predicate.parse.tokens
    if date and published and date[:10] < published[:10] and _days(date, published) > 60:
        return True
    if predicate.kind == "n":
        if any(tokens[j].lower in words["background"] for j in parse.children[predicate.head]):
            return True
        above = tokens[tokens[predicate.head].head]
        scope = parse.subtree(predicate.head)
        if above.dep == "prep" and above.lower in words["background_prepositions"]:
            return True
    else:
        scope = clause_tokens(parse, predicate.head)
        if any(tokens[j].lower in {"once", "formerly", "historically"} for j in parse.children[predicate.head]):
            return True
    if published is None:
        return False
    years = [int(m[1]) for i in scope if (m := _YEAR.fullmatch(tokens[i].lower)) and tokens[i].dep != "nummod"]
    return bool(years) and max(years) < int(published[:4])


def _days(earlier: str, later: str) -> int:
    from datetime import date

    return (date.fromisoformat(later[:10]) - date.fromisoformat(earlier[:10])).days

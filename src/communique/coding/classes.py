"""Which class an event has in the end: what is only announced, promised or refused is another class."""

import re
from functools import cache

from communique.coding.clauses import Predicate
from communique.coding.codebook import INTENT, Codebook
from communique.coding.patterns import Entry
from communique.parsing.parse import Parse
from communique.records import Modality

COOPERATION = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AID", "RETREAT", "CONCEDE"})
HARM = frozenset({"SANCTION", "COERCE", "ASSAULT", "PROTEST", "MOBILIZE"})
_ACTS = {"AGREE": "agree", "REJECT": "reject", "THREATEN": "threaten"}
_DEMANDS = frozenset({"demand", "order", "instruct", "command", "insist", "require", "direct"})


def settle(
    predicate: Predicate,
    entry: Entry,
    inner: str | None,
    inner_entry: Entry | None,
    modality: Modality,
    book: Codebook,
) -> tuple[str | None, str | None, str | None, str, Modality]:
    """Class, mode, CAMEO code, act and modality of a predicate.

    PLOVER codes cooperation that is still to come as AGREE, harm that the source announces as THREATEN, and cooperation
    that it says it will not give as REJECT.

    Args:
        predicate: the trigger and its arguments.
        entry: the lexicon row that matched.
        inner: CAMEO code of what the predicate is about ("agreed to release": 0841), with its row.
        modality: as the sentence has it.

    Returns:
        The class is None where the deed is not to be coded.
    """
    name, mode, cameo = entry.name, entry.mode, entry.cameo
    if name == INTENT:
        harmful = inner_entry is not None and inner_entry.name in HARM | {"THREATEN"}
        if inner_entry is None and not predicate.complements:
            return None, None, None, "deed", modality
        if modality == "denied":
            if entry.strength < 2 or "can" in predicate.auxiliaries:
                return None, None, None, "deed", modality
            return "REJECT", None, book.intent_code(inner, "reject") or "120", "reject", "past"
        name = "THREATEN" if harmful else "AGREE"
        act = _ACTS[name]
        return name, None, book.intent_code(inner, act) or ("130" if harmful else "030"), act, "future"
    if name in _ACTS:
        code = book.intent_code(inner, _ACTS[name]) if inner else None
        if name == "AGREE" and modality == "denied":
            return "REJECT", None, book.intent_code(inner, "reject") or "120", "reject", "past"
        general = cameo in {"030", "120", "130"}
        kept = modality if name != "AGREE" or modality not in {"past", "present"} else "future"
        return name, mode, (code or cameo) if general else cameo, _ACTS[name], kept
    if name == "REQUEST":
        act = "demand" if predicate.lemma in _DEMANDS else "appeal"
        code = book.intent_code(inner, act) if inner else None
        return name, mode, code or cameo, act, modality
    if modality == "conditional" and name in COOPERATION and _is_purpose(predicate):
        return None, None, None, "deed", modality  # "sent money to help …" is one deed
    if modality == "future" and name in COOPERATION:
        if _negated(predicate):
            return "REJECT", None, book.intent_code(cameo, "reject") or "120", "reject", "past"
        return "AGREE", None, book.intent_code(cameo, "agree") or "030", "agree", "future"
    if modality == "denied" and name in COOPERATION and "will" in predicate.auxiliaries:
        return "REJECT", None, book.intent_code(cameo, "reject") or "120", "reject", "past"
    if modality == "future" and name in HARM and predicate.kind == "v":
        return "THREATEN", None, book.intent_code(cameo, "threaten") or "130", "threaten", "future"
    return name, mode, cameo, "deed", modality


def _is_purpose(predicate: Predicate) -> bool:
    token = predicate.parse.tokens[predicate.head]
    return token.dep == "advcl" and token.tag == "VB"


def _negated(predicate: Predicate) -> bool:
    tokens = predicate.parse.tokens
    heads = [predicate.head, *([predicate.light] if predicate.light is not None else [])]
    return any(tokens[j].dep == "neg" for h in heads for j in predicate.parse.children[h])


def contexts_in(parse: Parse, predicate: Predicate, book: Codebook) -> list[str]:
    """PLOVER contexts whose words stand in the predicate's clause."""
    words, wording = predicate.words, f" {predicate.wording} "
    found = []
    for name, (single, phrases) in _context_words(book.name, tuple(book.contexts.items())).items():
        if not single.isdisjoint(words) or (phrases is not None and phrases.search(wording)):
            found.append(name)
    return found


@cache
def _context_words(
    _name: str, contexts: tuple[tuple[str, tuple[str, ...]], ...]
) -> dict[str, tuple[frozenset[str], re.Pattern[str] | None]]:
    found = {}
    for name, words in contexts:
        phrases = [re.escape(w) for w in words if " " in w or "-" in w]
        found[name] = (
            frozenset(w for w in words if " " not in w),
            re.compile(rf"\b(?:{'|'.join(phrases)})") if phrases else None,
        )
    return found

"""Sides in the words that carry a position: who is addressed, whose deed it is, with or for whom something is done."""

from collections.abc import Callable

from communique.coding.sides import OWN, Sides, is_state
from communique.coding.stances import Stance
from communique.parsing.parse import Token

_PLACES = frozenset({"in", "at", "near", "around", "across", "inside", "within", "into", "along"})
_BESIDE = frozenset({"against", "to", "on", "for", "toward", "towards"})  # whom an act is done to, not who does it
_ANSWERING = frozenset(
    {"respond", "response", "retaliate", "retaliation", "impose", "answer", "sanction", "defend", "countermeasure"}
)
_PARTNERS = frozenset({"with", "to", "for", "against", "toward", "towards", "from", "by", "behind", "of", "between"})
_AGAINST = {"demand": {"from", "against"}, "red_line": {"against"}}
# in these the act is one's own: what belongs to another ("study the Chinese plan") does not make him the target
_OWN_ACTS = frozenset({"commitment", "willingness"})
# in these an organisation that is joined or left is what the position is about, not whom it is put to
_MEMBERS = frozenset({"commitment", "willingness", "refusal", "denial", "claim"})


def without(stance: Stance, found: list[str]) -> list[str]:
    """The sides as targets; the holder, its bodies and what it is a body of are left out."""
    own = stance.holder
    if stance.kind in _MEMBERS and not stance.clause.words.isdisjoint(stance.clause.lexicon.words["joining"]):
        found = [s for s in found if not s.startswith("IGO/")]
    as_targets = dict.fromkeys(stance.clause.sides.target(s) if s != OWN else None for s in found)
    return [
        s for s in as_targets if s is not None and not f"{s}/".startswith(f"{own}/") and not own.startswith(f"{s}/")
    ]


def _addressed(stance: Stance, sides: Sides) -> list[str]:
    """Object, addressee, or subject of the clause that says what is to be done."""
    clause = stance.clause
    parse = clause.parse
    tokens = parse.tokens
    nouns = [i for i in stance.about if tokens[i].pos == "NOUN"]
    # "its call on Russia to stop"
    called = [t.i for i in nouns for p in ("on", "upon", "to") for t in clause.below(i, p)]
    if found := without(stance, [s for i in called for s in _themselves(i, sides)]):
        return found
    for j in parse.children[clause.head]:
        token = tokens[j]
        found = []
        if token.dep in {"dobj", "dative", "nsubjpass", "oprd"}:
            below = [g for g in parse.children[j] if tokens[g].dep == "pobj"] if token.pos == "ADP" else [j]
            found = [s for g in below for s in _themselves(g, sides)]
        elif token.dep in {"prep", "agent"} and _addresses(stance, token.lower):
            found = [s for g in parse.children[j] for s in _themselves(g, sides)]
        elif token.dep in {"ccomp", "xcomp", "advcl"}:
            subjects = [g for g in parse.children[j] if tokens[g].dep in {"nsubj", "nsubjpass"}]
            found = [s for g in subjects for s in sides.named(g)]
        if found := without(stance, found):
            return found
    if clause.addressees:
        return clause.addressees
    for i in clause.tokens_below:
        # "demanded an apology from the minister"
        against = tokens[i].dep == "pobj" and preposition(tokens, i) in _AGAINST.get(stance.kind, ())
        if clause.lemma == "urge" and tokens[i].dep == "pobj" and preposition(tokens, i) == "on":
            against = True  # "urged restraint on both"
        if against and (found := without(stance, _themselves(i, sides))):
            return found
    return []


def _addresses(stance: Stance, preposition: str) -> bool:
    """Whether a preposition of the verb leads to whom it is addressed: "called on Chad", not "called for … on Chad"."""
    if preposition in {"on", "upon", "for"}:
        return f"{stance.clause.lemma} {preposition}" in stance.clause.lexicon.verbs and preposition != "for"
    return preposition in {"to", "with", "from", "at", "against"}


def _themselves(i: int, sides: Sides) -> list[str]:
    """Sides that a noun and those coordinated with it stand for, owners left out."""
    side = sides.of(i)
    found = [] if side is None else [side]
    for j in sides.parse.children[i]:
        if sides.parse.tokens[j].dep == "conj":
            found += _themselves(j, sides)
    return found


def _doers(stance: Stance, sides: Sides) -> list[str]:
    """Who did what is opposed, welcomed or denied: the owner of the object, its "by" phrase, an embedded subject."""
    clause = stance.clause
    tokens = clause.parse.tokens
    beside = _BESIDE - {"to"} if stance.kind == "welcome" else _BESIDE
    around = {clause.head, *stance.about} if stance.kind == "welcome" else {clause.head}
    for i in dict.fromkeys((*stance.about, *clause.tokens_below)):
        token = tokens[i]
        if i == clause.head or i in clause.subjects or place(stance, i) or victim(stance, i):
            continue
        if i not in stance.about and token.dep not in {"nsubj", "nsubjpass", "pobj", "dobj", "poss"}:
            continue
        if stance.kind == "denial" and not _did_harm(stance, i):
            continue
        beside_it = token.dep == "pobj" and tokens[token.head].head not in around and preposition(tokens, i) in beside
        if beside_it and stance.kind != "concern":
            continue
        if found := without(stance, sides.named(i)):
            return found
    # "protested to Chad", "lodged a protest with Chad": to whom, where the words do not say whose act it was
    spoken = [
        g
        for j in clause.parse.children[clause.head]
        if tokens[j].lower in {"to", "with"}
        for g in clause.parse.children[j]
    ]
    return [s for g in spoken for s in sides.named(g)] if stance.kind == "opposition" else []


def _did_harm(stance: Stance, i: int) -> bool:
    """Whether token `i` is part of a denied deed only as its victim: "denied jamming Lithuanian aircraft", not "denied
    that Chad had built a base", "denied arming Chad"."""
    parse, tokens = stance.clause.parse, stance.clause.parse.tokens
    for j in (i, *parse.ancestors(i)):
        if j == stance.clause.head:
            return True
        if tokens[j].pos in {"VERB", "AUX"} and tokens[j].dep in {"ccomp", "xcomp", "pcomp", "acl", "advcl", "conj"}:
            return tokens[j].lemma.lower() in stance.clause.lexicon.words["harms"] and tokens[i].dep in {"dobj", "pobj"}
    return True


def partners(stance: Stance, sides: Sides) -> list[str]:
    """With, for or against whom: objects and prepositional objects in the clause, places left out."""
    clause = stance.clause
    tokens = clause.parse.tokens
    subject = {g for j in clause.subjects for g in clause.parse.subtree(j)}
    for i in dict.fromkeys((*stance.about, *clause.tokens_below)):
        token = tokens[i]
        if i == clause.head or i in subject or place(stance, i):
            continue
        before = tokens[token.head].lower if token.dep == "pobj" else ""
        sided = before in {"on", "at"} and token.lemma == "side"  # "is on Chad's side"
        hit = sided or (before in {"against", "on", "to"} and bool(clause.words & _ANSWERING))
        if token.dep == "dobj" and tokens[token.head].lemma.lower() in clause.lexicon.words["disposing"]:
            continue
        if token.dep in {"dobj", "dative", "nsubjpass", "nsubj", "attr", "oprd"} or before in _PARTNERS or hit:
            named = sides.named(i) if hit or not _own_act(stance, i) else _themselves(i, sides)
            if found := without(stance, named):
                return found
    return []


def _own_act(stance: Stance, i: int) -> bool:
    """Whether what belongs to another is only dealt with: "study the Chinese plan", not "buy Russian oil"."""
    words, tokens = stance.clause.lexicon.words, stance.clause.parse.tokens
    if tokens[i].dep == "dobj" and tokens[tokens[i].head].lemma.lower() in words["dealings"]:
        return False
    if stance.kind == "refusal":
        lemmas = {tokens[i].lemma.lower(), *(t.lemma.lower() for t in stance.clause.below(i, "of"))}
        return lemmas.isdisjoint(words["offers"] | words["charges"] | {"independence", "decision"})
    return stance.kind in _OWN_ACTS


def preposition(tokens: tuple[Token, ...], i: int) -> str:
    return tokens[tokens[i].head].lower


def victim(stance: Stance, i: int) -> bool:
    """Whether a deed is done to token `i`: "the siege of Gaza"; who is detained is most often so by his own state."""
    clause = stance.clause
    of = clause.parse.tokens[clause.parse.tokens[i].head]
    deed = clause.parse.tokens[of.head].lemma.lower()
    if of.lower != "of" or deed not in clause.lexicon.words["done_to"]:
        return False
    return deed not in clause.lexicon.words["state_wrongs"] or is_state(clause.sides.of(i) or "")


def place(stance: Stance, i: int) -> bool:
    """Whether token `i` says where: "in Oslo", "at the border", not "voiced alarm at the Chinese curbs"."""
    tokens = stance.clause.parse.tokens
    if tokens[i].dep != "pobj" or preposition(tokens, i) not in _PLACES:
        return False
    return preposition(tokens, i) != "at" or tokens[tokens[i].head].head not in {stance.clause.head, *stance.about}


FINDERS: dict[str, Callable[[Stance, Sides], list[str]]] = {
    "demand": _addressed,
    "accusation": _addressed,
    "red_line": _addressed,
    "opposition": _doers,
    "welcome": _doers,
    "denial": _doers,
    "concern": _doers,
}

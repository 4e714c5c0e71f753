"""Towards whom a position is taken: whom a demand is put to, whose act is opposed, who is supported."""

from collections.abc import Callable

from communique.coding.sides import OWN, Sides, is_state
from communique.coding.stance_clauses import Clause
from communique.coding.stance_conditions import actors_of, bound
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
_FRIENDLY = frozenset({"support", "welcome"})
# in these an organisation that is joined or left is what the position is about, not whom it is put to
_MEMBERS = frozenset({"commitment", "willingness", "refusal", "denial", "claim"})


def targets_of(stance: Stance, sides: Sides) -> list[str]:
    """Sides that a position is directed at, its holder left out; empty where the words name none.

    Demands, accusations, red lines: who is to act, or has acted. Opposition, welcome, denial, concern: whose act it is.
    Support, commitment, willingness, refusal, condition: with, for or against whom. Claims and principles have none.
    """
    clause = stance.clause
    if stance.kind in {"claim", "principle"}:
        return [s for s in _without(stance, clause.addressees) if not s.startswith("IGO/")]
    if stance.judged:
        return _without(stance, list(stance.judged))
    finder = _FINDERS.get(stance.kind, _partners)
    if stance.kind == "denial" and clause.lemma not in _denying(stance):
        finder = _partners  # what is denied without a verb of denial: "has never attacked Chile"
    for look in (_each_other, _bound, finder, *_LATER.get(stance.kind, ()), _spoken_of, _spoken_to):
        if found := _without(stance, look(stance, sides)):
            return found
    return []


def _each_other(stance: Stance, sides: Sides) -> list[str]:
    """ "Chad and Mali accused each other", "both accused the other side": the other subjects."""
    clause = stance.clause
    tokens = clause.parse.tokens
    together = clause.subject_sides
    for i in clause.arguments:
        words = [tokens[i].lower, *(tokens[j].lower for j in clause.parse.children[i])]
        if len(together) > 1 and "other" in words and not {"each", "the"}.isdisjoint(words):
            return together
    return []


def _bound(stance: Stance, sides: Sides) -> list[str]:
    """Whose deed something waits for: "will not sign until Chad has signed"."""
    clause = stance.clause
    if stance.kind != "condition" or clause.condition is None or not bound(clause):
        return []
    return _without(stance, actors_of(clause, clause.condition.tokens))[:1]


def _deed_owners(stance: Stance, sides: Sides) -> list[str]:
    """Whose deeds the words name: "an end to the American embargo", "sabotage by Russia", "abuses in Chad"."""
    clause = stance.clause
    words = clause.lexicon.words
    for i in clause.tokens_below:
        token = clause.parse.tokens[i]
        if token.pos != "NOUN":
            continue
        if token.lemma.lower() in words["acts"] | words["answer_nouns"] and (found := sides.owners(i, of=False)):
            return found
        found = [s for t in clause.below(i, "in") for s in sides.named(t.i)]
        if found and token.lemma.lower() in words["state_wrongs"]:
            return found
    return []


def _threatened(stance: Stance, sides: Sides) -> list[str]:
    """To whom something is to be done: "threatened to shoot down American planes", "to cut ties with Chad"."""
    clause = stance.clause
    inner = [j for j in clause.parse.children[clause.head] if clause.parse.tokens[j].dep == "xcomp"]
    for verb in (Clause(clause.parse, sides, clause.lexicon, j) for j in inner):
        heads = [i for i in verb.arguments if not _place(stance, i)]
        if found := _without(stance, [s for i in heads for s in sides.named(i)]):
            return found
    return []


def _owners(stance: Stance, sides: Sides) -> list[str]:
    """To whom anything belongs that an accusation names: "blood on Chad's hands"."""
    tokens = stance.clause.parse.tokens
    nouns = [i for i in stance.clause.tokens_below if tokens[i].pos == "NOUN" and i != stance.clause.head]
    return [s for i in nouns for s in sides.owners(i, of=False)][:1]


def _asked(stance: Stance, sides: Sides) -> list[str]:
    """Who may have to fulfil a condition: the first side that it or the clause names."""
    clause = stance.clause
    tokens = [*(clause.condition.tokens if clause.condition is not None else ()), *clause.tokens_below]
    named = [i for i in tokens if not _place(stance, i) and not _victim(stance, i)]
    return _without(stance, sides.below(named))[:1]


def _beside_verb(stance: Stance, sides: Sides) -> list[str]:
    """Whom the verb before concerns: "summoned the Russian ambassador and protested"."""
    clause = stance.clause
    token = clause.parse.tokens[clause.head]
    if token.dep != "conj" or clause.has_subject or clause.passive_without_agent:
        return []
    before = Clause(clause.parse, sides, clause.lexicon, token.head)
    if any(kind in _FRIENDLY for form in before.forms for kind in clause.lexicon.verbs.get(form, ())):
        return []
    return [s for i in before.predicate.objects for s in sides.named(i)]


def _to_act(stance: Stance, sides: Sides) -> list[str]:
    """Who is to act: "it is up to Chad", "the ball is in Chad's court"."""
    return sides.below(stance.clause.tokens_below)[:1] if stance.clause.lemma == "be" else []


def _in_subject(stance: Stance, sides: Sides) -> list[str]:
    """With whom, where the subject says it: "the door to talks with the North is open"."""
    clause = stance.clause
    tokens = clause.parse.tokens
    below = [g for j in clause.subjects for g in clause.parse.subtree(j)]
    return [s for i in below if tokens[i].dep == "pobj" and _against(tokens, i) == "with" for s in sides.named(i)]


def _spoken_to(stance: Stance, sides: Sides) -> list[str]:
    """The states that are addressed: "…, the envoy told Chad"."""
    return [s for s in stance.clause.addressees if is_state(s)]


def _spoken_of(stance: Stance, sides: Sides) -> list[str]:
    """Whom the words are said of: "…, the envoy said of Tokyo's bid"."""
    clause = stance.clause
    if clause.cued is not None or clause.statement is None:
        return []
    heads = [i for start, end in clause.statement.cue.spans for i in clause.parse.tokens_in(start, end)]
    of = [t.i for i in heads for p in ("of", "about") for t in clause.below(i, p)]
    return [s for i in of for s in sides.named(i)]


def _denying(stance: Stance) -> set[str]:
    return {v for v, kinds in stance.clause.lexicon.verbs.items() if "denial" in kinds}


def _without(stance: Stance, found: list[str]) -> list[str]:
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
    for j in parse.children[clause.head]:
        token = tokens[j]
        found: list[str] = []
        if token.dep in {"dobj", "dative", "nsubjpass", "oprd"}:
            below = [g for g in parse.children[j] if tokens[g].dep == "pobj"] if token.pos == "ADP" else [j]
            found = [s for g in below for s in _themselves(g, sides)]
        elif token.dep in {"prep", "agent"} and _addresses(stance, token.lower):
            found = [s for g in parse.children[j] for s in _themselves(g, sides)]
        elif token.dep in {"ccomp", "xcomp", "advcl"}:
            subjects = [g for g in parse.children[j] if tokens[g].dep in {"nsubj", "nsubjpass"}]
            found = [s for g in subjects for s in sides.named(g)]
        if found := _without(stance, found):
            return found
    if clause.addressees:
        return clause.addressees
    for i in clause.tokens_below:
        # "demanded an apology from the minister"
        against = tokens[i].dep == "pobj" and _against(tokens, i) in _AGAINST.get(stance.kind, ())
        if clause.lemma == "urge" and tokens[i].dep == "pobj" and _against(tokens, i) == "on":
            against = True  # "urged restraint on both"
        if against and (found := _without(stance, _themselves(i, sides))):
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
    for i in dict.fromkeys((*stance.about, *clause.tokens_below)):
        token = tokens[i]
        if i == clause.head or i in clause.subjects or _place(stance, i) or _victim(stance, i):
            continue
        if i not in stance.about and token.dep not in {"nsubj", "nsubjpass", "pobj", "dobj", "poss"}:
            continue
        if stance.kind == "denial" and not _did_harm(stance, i):
            continue
        beside_it = token.dep == "pobj" and tokens[token.head].head != clause.head and _against(tokens, i) in beside
        if beside_it and stance.kind != "concern":
            continue
        if found := _without(stance, sides.named(i)):
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


def _partners(stance: Stance, sides: Sides) -> list[str]:
    """With, for or against whom: objects and prepositional objects in the clause, places left out."""
    clause = stance.clause
    tokens = clause.parse.tokens
    subject = {g for j in clause.subjects for g in clause.parse.subtree(j)}
    for i in dict.fromkeys((*stance.about, *clause.tokens_below)):
        token = tokens[i]
        if i == clause.head or i in subject or _place(stance, i):
            continue
        before = tokens[token.head].lower if token.dep == "pobj" else ""
        hit = before in {"against", "on", "to"} and bool(clause.words & _ANSWERING)
        if token.dep == "dobj" and tokens[token.head].lemma.lower() in clause.lexicon.words["disposing"]:
            continue
        if token.dep in {"dobj", "dative", "nsubjpass", "nsubj", "attr", "oprd"} or before in _PARTNERS or hit:
            named = sides.named(i) if hit or not _own_act(stance, i) else _themselves(i, sides)
            if found := _without(stance, named):
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


def _against(tokens: tuple[Token, ...], i: int) -> str:
    return tokens[tokens[i].head].lower


def _victim(stance: Stance, i: int) -> bool:
    """Whether a deed is done to token `i`: "the siege of Gaza"; who is detained is most often so by his own state."""
    clause = stance.clause
    of = clause.parse.tokens[clause.parse.tokens[i].head]
    deed = clause.parse.tokens[of.head].lemma.lower()
    if of.lower != "of" or deed not in clause.lexicon.words["done_to"]:
        return False
    return deed not in clause.lexicon.words["state_wrongs"] or clause.sides.of(i) is not None


def _place(stance: Stance, i: int) -> bool:
    """Whether token `i` says where: "in Oslo", "at the border", not "voiced alarm at the Chinese curbs"."""
    tokens = stance.clause.parse.tokens
    if tokens[i].dep != "pobj" or _against(tokens, i) not in _PLACES:
        return False
    return _against(tokens, i) != "at" or tokens[tokens[i].head].head not in {stance.clause.head, *stance.about}


_FINDERS: dict[str, Callable[[Stance, Sides], list[str]]] = {
    "demand": _addressed,
    "accusation": _addressed,
    "red_line": _addressed,
    "opposition": _doers,
    "welcome": _doers,
    "denial": _doers,
    "concern": _doers,
}
_LATER: dict[str, tuple[Callable[[Stance, Sides], list[str]], ...]] = {
    "demand": (_to_act, _deed_owners, _beside_verb),
    "red_line": (_deed_owners, _threatened),
    "accusation": (_deed_owners, _owners, _beside_verb),
    "concern": (_deed_owners, _beside_verb),
    "opposition": (_deed_owners, _beside_verb),
    "condition": (_asked,),
    "willingness": (_in_subject,),
}

"""Rules that know a position by other words: orders, formulas, adjectives of stance, judgements, receptions."""

from communique.coding.sides import OWN
from communique.coding.stance_clauses import Clause
from communique.coding.stance_conditions import withheld
from communique.coding.stances import COPULAS, NEGATED, Stance, put

_OURS = frozenset({"ours", "mine"})
_OF_SUBJECT = frozenset({"commitment", "willingness", "refusal", "support", "claim", "denial", "opposition", "welcome"})


def by_order(clause: Clause) -> Stance | None:
    """ "Stop the killing", "Let diplomacy work": a demand put as an order."""
    token = clause.parse.tokens[clause.head]
    if clause.statement is None or token.tag != "VB" or clause.auxiliaries - {"do"}:
        return None
    if token.dep == "conj" and clause.subjects:
        return None
    if token.dep not in {"ROOT", "conj", "ccomp"} or clause.infinitive or clause.speaker is None or clause.has_subject:
        return None
    if clause.wording_kind == "red_line":
        return None
    return put(clause, "demand", clause.speaker, clause.addressees)


def by_wording(clause: Clause) -> Stance | None:
    """Formulas that settle the kind of the clause they stand in."""
    kind = clause.wording_kind
    if kind is None or (
        kind == "principle" and clause.others and not clause.own and clause.lemma in clause.lexicon.words["harms"]
    ):
        return None
    holder = clause.speaker
    suffered = clause.predicate.passive and any(clause.sides.of(i) == OWN for i in clause.predicate.objects)
    if suffered and kind == "refusal":
        return put(
            clause, kind, holder, clause.others or clause.subject_owners, confidence=0.85
        )  # "we will not be blackmailed by Chad"
    disposed = kind == "refusal" and clause.lemma == "be" and _prepositional(clause)  # "the island is not for sale"
    if (clause.others and not clause.own and kind in _OF_SUBJECT and not disposed) or holder is None:
        holder = clause.holder()
    if kind == "demand" and clause.own and not clause.others:
        return None  # what the speaker itself should do
    if kind == "claim" and clause.auxiliaries & clause.lexicon.words["own_modal"]:
        return None  # what it will do is no claim
    if kind == "accusation" and clause.own and clause.negated:
        kind = "denial"  # "we were not involved in the killing"
    if kind in {"refusal", "denial"} and withheld(clause):
        kind = "condition"
    judged = clause.others if kind in {"accusation", "demand", "red_line", "condition"} else ()
    if kind == "red_line" and clause.lemma == "cross" and not clause.auxiliaries - {"have", "be"}:
        kind = "accusation"  # "their aircraft had crossed the line"
        judged = clause.others or clause.subject_owners
    if kind == "red_line" and clause.lemma == "be":
        judged = clause.addressees or judged  # "warned Chad that Mali was a red line"
    return put(clause, kind, holder, judged or clause.subject_owners, confidence=0.85)


def _prepositional(clause: Clause) -> bool:
    """Whether the clause says where its subject stands: "is not up for debate", "is off the table"."""
    tokens = clause.parse.tokens
    parts = [tokens[i] for i in clause.predicative]
    return bool(parts) and all(t.dep in {"prep", "advmod"} for t in parts)


def by_endorsement(clause: Clause) -> Stance | None:
    """ "Israel has a right to defend itself", said by another side."""
    if clause.speaker is None or not clause.others or clause.own or clause.owned:
        return None
    below = clause.tokens_below
    found = clause.lexicon.endorsing.find(clause.parse, below[0], below[-1] + 1)
    if not found or ("no" in clause.words and "right" in clause.words):
        return None
    return put(clause, "support", clause.speaker, clause.others)


def by_reception(clause: Clause) -> Stance | None:
    """How something is received: "the raid drew condemnation from Peru", "was met with dismay in Suva"; "calls for a
    truce came from Peru".
    """
    words, tokens = clause.lexicon.words, clause.parse.tokens
    nouns = clause.lexicon.nouns
    if clause.lemma == "come":
        received: list[int] = []
        stated = [j for j in clause.subjects if tokens[j].lemma.lower() in nouns]
    elif clause.lemma in words["receiving"]:
        received = [j for j in clause.parse.children[clause.head] if tokens[j].dep in {"nsubj", "nsubjpass"}]
        stated = [j for j in clause.predicate.objects if j not in received and tokens[j].lemma.lower() in nouns]
        for j in clause.parse.children[clause.head]:
            if tokens[j].lower in {"with", "by"}:
                stated += [g for g in clause.parse.children[j] if tokens[g].lemma.lower() in nouns]
    else:
        return None
    for i in stated:
        heads = [i, clause.head, *(j for j in clause.parse.children[clause.head] if tokens[j].lower in {"with", "by"})]
        by = [
            s
            for h in heads
            for p in ("from", "in", "by", "among")
            for t in clause.below(h, p)
            for s in clause.sides.named(t.i)
        ]
        if by:
            judged = [s for j in received for s in clause.sides.named(j)]
            return put(clause, nouns[tokens[i].lemma.lower()], by[0], judged, confidence=0.7)
    return None


def by_adjective(clause: Clause) -> Stance | None:
    """Adjectives and prepositions whose subject holds the stance: "is ready", "is against"."""
    lexicon, tokens = clause.lexicon, clause.parse.tokens
    if clause.lemma not in COPULAS and not clause.adjectival:
        return None
    for i in [clause.head] if clause.adjectival else clause.predicative:
        word = tokens[i].lower if tokens[i].lower in lexicon.adjectives else tokens[i].lemma.lower()
        governed = [f"{word} {tokens[g].lower}" for g in clause.parse.children[i] if tokens[g].dep in {"prep", "aux"}]
        kind = next((k for w in (*governed, word) if (k := lexicon.adjectives.get(w)) is not None), None)
        if kind is None and tokens[i].pos in {"ADP", "SCONJ", "ADV"}:
            kind = lexicon.prepositions.get(word)
        if word == "behind" and clause.speaker is not None and clause.others and not _proposed(clause, i):
            return put(clause, "accusation", clause.speaker, clause.others)  # "said Moscow was behind the attack"
        if kind == "commitment" and _demands_below(clause, i):
            kind = "demand"  # "is adamant that they must leave"
        if kind is not None and (clause.subject_sides or (clause.cued is None and not clause.subjects)):
            if clause.negated:
                kind = NEGATED.get(kind, "denial")
            return put(clause, kind, clause.holder(), about=(i,))
    return None


def _proposed(clause: Clause, i: int) -> bool:
    """Whether what a preposition governs is a side or something proposed: "is behind the plan"."""
    tokens, offers = clause.parse.tokens, clause.lexicon.words["offers"]
    return any(tokens[j].lemma.lower() in offers or clause.sides.of(j) for j in clause.parse.children[i])


def _demands_below(clause: Clause, i: int) -> bool:
    """Whether the clause that an adjective governs says what another must do."""
    tokens, children = clause.parse.tokens, clause.parse.children
    return any(
        tokens[g].dep == "aux" and tokens[g].lemma.lower() in clause.lexicon.words["modal_demand"]
        for j in (*children[i], *children[clause.head])
        if tokens[j].dep == "ccomp"
        for g in children[j]
    )


def by_judgement(clause: Clause) -> Stance | None:
    """What the speaker says of a thing or an act: "the ruling is null and void"."""
    lexicon, tokens = clause.lexicon, clause.parse.tokens
    calling = clause.lemma in lexicon.words["calling"]
    if calling and clause.lemma in lexicon.words["charge_verbs"]:
        return None  # "dismissed the claim as absurd": what is dismissed decides
    holder = clause.holder() if calling else clause.speaker
    if not (clause.lemma in COPULAS or clause.adjectival or calling) or holder is None:
        return None
    parts = _called(clause) if calling else [clause.head] if clause.adjectival else clause.predicative
    if not calling and not clause.own and any(clause.sides.actor_at(i) == holder for i in parts):
        return put(clause, "principle", holder, confidence=0.6)  # "the islands are Argentine"
    subjects = {tokens[i].lemma.lower() for i in (clause.predicate.objects if calling else clause.subjects)}
    if any(tokens[i].lower in _OURS for i in parts):
        return put(clause, "principle", holder, confidence=0.6)  # "the islands are ours"
    for i in parts:
        for j in (
            i,
            *(g for g in clause.parse.subtree(i) if tokens[g].dep in {"conj", "amod"} and tokens[g].head == i),
        ):
            kind = lexicon.judgements.get(tokens[j].lemma.lower()) or lexicon.judgements.get(tokens[j].lower)
            if kind == "welcome" and clause.owned:
                kind = "claim"  # "our relations are excellent"
            if kind == "claim" and clause.auxiliaries & lexicon.words["own_modal"]:
                kind = "commitment"  # "our doors will stay open"
            own = clause.own or clause.owned
            if kind is None or (kind == "claim" and not own) or (kind == "welcome" and clause.own):
                continue
            if kind == "opposition" and not lexicon.words["reports"].isdisjoint(subjects):
                kind = "denial"  # "the report is absurd"
            if kind == "opposition" and clause.others and not clause.own and not calling:
                kind = "accusation"
            if clause.negated:
                kind = "refusal" if kind == "refusal" else "denial"
            if kind == "refusal" and clause.condition is not None:
                kind = "condition"  # "ties are impossible without a settlement"
            judged = [] if calling else [*clause.others, *clause.subject_owners]
            return put(clause, kind, holder, judged, clause.predicate.objects, confidence=0.6)
    return None


def _called(clause: Clause) -> list[int]:
    """What a verb such as "call" calls its object."""
    tokens, children = clause.parse.tokens, clause.parse.children
    found = [
        j for j in children[clause.head] if tokens[j].dep in {"oprd", "ccomp", "xcomp"} and tokens[j].pos != "VERB"
    ]
    around = [*children[clause.head], *(g for j in clause.predicate.objects for g in children[j])]
    return found + [g for j in around if tokens[j].lower == "as" for g in children[j]]

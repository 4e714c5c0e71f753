"""What kind of position a clause puts, and who holds it: from formulas, words of stance, and the shape of the
clause.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from communique.coding.conditions import Condition
from communique.coding.sides import OWN
from communique.coding.stance_clauses import Clause

_COPULAS = frozenset({"be", "remain", "stay", "seem", "feel", "become", "look", "stand", "appear"})
_OPEN_MODALS = frozenset({"can", "could", "may", "might", "must", "should", "ought"})
_NEGATED = {"support": "opposition", "opposition": "willingness", "willingness": "refusal", "welcome": "opposition"}
_OF_SUBJECT = frozenset({"commitment", "willingness", "refusal", "support", "claim", "denial", "opposition", "welcome"})


@dataclass(frozen=True)
class Stance:
    """kind and holder of a position put by `clause`.

    judged: sides known from the rule itself; about: tokens whose sides are looked through for the target first.
    """

    kind: str
    holder: str
    clause: Clause
    judged: tuple[str, ...] = ()
    about: tuple[int, ...] = ()
    confidence: float = 0.8

    @property
    def condition(self) -> Condition | None:
        return self.clause.condition


def stances_of(clause: Clause) -> list[Stance]:
    """Positions that a clause puts: by the first rule that knows it. Several only where several sides hold the same."""
    for rule in RULES:
        found = rule(clause)
        if found is not None:
            holders = _holders(clause, found)
            kinds = [found.kind]
            if rule is by_wording:
                kinds += [k for k in clause.wording_kinds if k not in kinds]
            return [Stance(k, h, clause, found.judged, found.about, found.confidence) for k in kinds for h in holders]
    return []


def _holders(clause: Clause, found: Stance) -> list[str]:
    """The holder, and those coordinated with it as subjects ("Japan and South Korea voiced concern") or as speakers."""
    together = clause.sides.sources(clause.cued or clause.statement)
    if found.holder in together:
        return together
    if found.holder not in clause.subject_sides:
        return [found.holder]
    return [clause.speaker or s if s == OWN else s for s in clause.subject_sides]


def _put(
    clause: Clause,
    kind: str,
    holder: str | None,
    judged: Iterable[str] = (),
    about: Iterable[int] = (),
    confidence: float = 0.8,
) -> Stance | None:
    if holder is None or holder == OWN:
        return None
    others = tuple(s for s in judged if s not in {holder, OWN})
    return Stance(kind, holder, clause, others, tuple(about), confidence)


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
    return _put(clause, "demand", clause.speaker, clause.addressees)


def by_wording(clause: Clause) -> Stance | None:
    """Formulas that settle the kind of the clause they stand in."""
    kind = clause.wording_kind
    if kind is None or (
        kind == "principle" and clause.others and not clause.own and clause.lemma in clause.lexicon.words["harms"]
    ):
        return None
    holder = clause.speaker
    if (clause.others and not clause.own and kind in _OF_SUBJECT) or holder is None:
        holder = clause.holder()
    if kind == "demand" and clause.own and not clause.others:
        return None  # what the speaker itself should do
    if kind in {"refusal", "denial"} and clause.withheld:
        kind = "condition"
    judged = clause.others if kind in {"accusation", "demand", "red_line", "condition"} else ()
    return _put(clause, kind, holder, judged or clause.subject_owners, confidence=0.85)


def by_endorsement(clause: Clause) -> Stance | None:
    """ "Israel has a right to defend itself", said by another side."""
    if clause.speaker is None or not clause.others or clause.own:
        return None
    below = clause.tokens_below
    if not clause.lexicon.endorsing.find(clause.parse, below[0], below[-1] + 1):
        return None
    return _put(clause, "support", clause.speaker, clause.others)


def by_verb(clause: Clause) -> Stance | None:
    """Verbs whose subject holds the stance: "China opposes", "urged", "vowed"."""
    lexicon = clause.lexicon
    impersonal = not clause.own and clause.others == [] and clause.subjects and clause.cued is None
    if clause.auxiliaries & _OPEN_MODALS and not clause.own and clause.cued is None and clause.speaker is not None:
        return None
    for form in clause.forms:
        for kind in lexicon.verbs.get(form, ()):
            needed = lexicon.complements.get((kind, form))
            if needed is not None and not needed & clause.complements:
                continue
            if clause.passive_without_agent or (impersonal and kind != "condition"):
                continue
            if kind == "refusal" and form in lexicon.words["harms"] and clause.speaker and clause.others:
                continue  # "she said the frigate had blocked their way": what others did is an accusation
            kind = _by_object(clause, form, kind)
            holder = clause.holder() or (clause.speaker if kind == "condition" else None)
            return _put(clause, _polarity(clause, kind), holder, about=clause.arguments)
    return None


def _by_object(clause: Clause, form: str, kind: str) -> str:
    """Reject, dismiss, deny: a charge (denial), an offer (refusal) or an act (opposition)."""
    words = clause.lexicon.words
    if form.startswith("warn"):
        named = {clause.parse.tokens[i].lemma.lower() for i in clause.arguments}
        if (
            kind == "demand"
            and "obj to" not in clause.complements
            and not any(clause.sides.named(i) for i in clause.predicate.objects)
        ):
            return "concern"  # "warned against a bad peace"
        return "red_line" if kind == "concern" and named & words["answer_nouns"] else kind
    if form not in words["charge_verbs"]:
        return kind
    lemmas = {clause.parse.tokens[i].lemma.lower() for i in clause.predicate.objects}
    lemmas |= {p.lemma.lower() for i in clause.predicate.objects for p in clause.below(i, "of")}
    if lemmas & words["charges"] or "that" in clause.complements or form == "deny" or "as" in clause.complements:
        return "denial"
    if lemmas & words["offers"]:
        return "refusal"
    return "opposition" if form in {"reject", "dismiss", "repudiate"} else kind


def _polarity(clause: Clause, kind: str) -> str:
    future = bool(clause.auxiliaries & clause.lexicon.words["own_modal"])
    if clause.negated:
        if kind == "support" and not future:
            return "opposition"
        if kind in {"denial", "red_line", "concern", "accusation", "commitment", "demand", "condition"} and not future:
            return "denial"
        return _NEGATED.get(kind, "refusal") if not future and kind != "principle" else "refusal"
    if future and kind in {"support", "principle", "welcome", "demand"} and clause.condition is None:
        return "commitment"
    return kind


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
            return _put(clause, nouns[tokens[i].lemma.lower()], by[0], judged, confidence=0.7)
    return None


def by_noun(clause: Clause) -> Stance | None:
    """Nouns of stance under a verb that only carries them: "expressed its concern", "reiterated support"."""
    lexicon, tokens = clause.lexicon, clause.parse.tokens
    if clause.lemma not in lexicon.words["light"] and clause.lemma not in _COPULAS:
        return None
    below_with = [
        g for j in clause.parse.children[clause.head] if tokens[j].lower == "with" for g in clause.parse.children[j]
    ]
    for i in (*clause.predicate.objects, *below_with):
        kind = lexicon.nouns.get(tokens[i].lemma.lower())
        if kind is None or (clause.lemma in _COPULAS and not clause.subject_sides):
            continue
        if kind == "principle" and clause.lemma not in lexicon.words["affirming"]:
            continue
        if clause.passive_without_agent:
            continue
        bare = {tokens[j].lower for j in clause.parse.children[i]}
        if "no" in bare or clause.negated:
            kind = "willingness" if kind == "opposition" else "denial"
        return _put(clause, kind, clause.holder(), about=(i, *clause.arguments))
    return None


def by_adjective(clause: Clause) -> Stance | None:
    """Adjectives and prepositions whose subject holds the stance: "is ready", "is against"."""
    lexicon, tokens = clause.lexicon, clause.parse.tokens
    if clause.lemma not in _COPULAS and not clause.adjectival:
        return None
    for i in [clause.head] if clause.adjectival else clause.predicative:
        word = tokens[i].lower if tokens[i].lower in lexicon.adjectives else tokens[i].lemma.lower()
        governed = [f"{word} {tokens[g].lower}" for g in clause.parse.children[i] if tokens[g].dep in {"prep", "aux"}]
        kind = next((k for w in (*governed, word) if (k := lexicon.adjectives.get(w)) is not None), None)
        if kind is None and tokens[i].pos in {"ADP", "SCONJ", "ADV"}:
            kind = lexicon.prepositions.get(word)
        if kind == "commitment" and clause.demands_below(i):
            kind = "demand"  # "is adamant that they must leave"
        if kind is not None and (clause.subject_sides or (clause.cued is None and not clause.subjects)):
            if clause.negated:
                kind = _NEGATED.get(kind, "denial")
            return _put(clause, kind, clause.holder(), about=(i,))
    return None


def by_judgement(clause: Clause) -> Stance | None:
    """What the speaker says of a thing or an act: "the ruling is null and void"."""
    lexicon, tokens = clause.lexicon, clause.parse.tokens
    calling = clause.lemma in lexicon.words["calling"]
    holder = clause.holder() if calling else clause.speaker
    if not (clause.lemma in _COPULAS or clause.adjectival or calling) or holder is None:
        return None
    parts = clause.called if calling else [clause.head] if clause.adjectival else clause.predicative
    if not calling and not clause.own and any(clause.sides.actor_at(i) == holder for i in parts):
        return _put(clause, "principle", holder, confidence=0.6)  # "the islands are Argentine"
    for i in parts:
        for j in (
            i,
            *(g for g in clause.parse.subtree(i) if tokens[g].dep in {"conj", "amod"} and tokens[g].head == i),
        ):
            kind = lexicon.judgements.get(tokens[j].lemma.lower()) or lexicon.judgements.get(tokens[j].lower)
            if kind is None or (kind == "claim" and not clause.own) or (kind == "welcome" and clause.own):
                continue
            if kind == "opposition" and clause.others and not clause.own and not calling:
                kind = "accusation"
            if clause.negated:
                kind = "refusal" if kind == "refusal" else "denial"
            judged = [] if calling else [*clause.others, *clause.subject_owners]
            return _put(clause, kind, holder, judged, clause.predicate.objects, confidence=0.6)
    return None


def by_demand_on_other(clause: Clause) -> Stance | None:
    """ "The U.S. should stop shifting the blame" is a demand, whatever the words that follow."""
    if not clause.others or clause.own or clause.wording_kind in {"red_line", "condition", "principle"}:
        return None
    return by_demand(clause)


def by_demand(clause: Clause) -> Stance | None:
    """Should, must, need to, said of another: a demand; said of nobody's act in the negative: a principle."""
    words = clause.lexicon.words
    modal = bool(clause.auxiliaries & words["modal_demand"])
    if clause.lemma in {"need", "have", "ought"} and "to" in clause.complements and not clause.predicate.passive:
        modal = True
    if not modal or clause.speaker is None or clause.expletive_there:
        return None
    if clause.own and not clause.others:
        return _put(clause, "commitment" if not clause.negated else "refusal", clause.speaker, confidence=0.5)
    judged = clause.others or clause.subject_owners
    if clause.passive_without_agent and not clause.subject_acts:
        judged = []  # "the concerns of Chad should be met": it is not Chad that is to meet them
    if (clause.negated and not judged and clause.predicate.passive) or clause.negative_subject:
        return _put(clause, "principle", clause.speaker, confidence=0.6)
    return _put(clause, "demand", clause.speaker, judged or clause.addressees)


def by_condition(clause: Clause) -> Stance | None:
    """What depends on another's act: a condition; an answer to another's act: a red line."""
    words = clause.lexicon.words
    condition = clause.condition
    if clause.speaker is None and not clause.others:
        return None
    modal = bool(clause.auxiliaries & {"will", "would", "can", "could", "may", "might", "shall"})
    tokens = clause.parse.tokens
    free = any(tokens[i].lower in {"whoever", "anyone", "those", "anybody"} for i in clause.subjects)
    answer = clause.lemma in words["answers"] and (
        clause.lemma
        in {"respond", "retaliate", "answer", "react", "punish", "regret", "reciprocate", "counter", "strike"}
        or bool(clause.words & words["answer_nouns"])
    )
    speaker = clause.speaker or clause.holder()
    if modal and not clause.negated and answer and (condition is not None or free or clause.attack_below):
        judged = clause.actors_of(condition.tokens if condition else clause.tokens_below)
        return _put(clause, "red_line", speaker, judged)
    if condition is None or not (modal or clause.lemma == "be"):
        return None
    if clause.withheld and (clause.own or not clause.others or clause.speaker is None):
        return _put(
            clause, "condition", speaker, [*clause.actors_of(condition.tokens), *clause.others][:1], clause.arguments
        )
    if clause.others and not clause.own and condition.mark not in {"while", "at the same time", "hoping for"}:
        if clause.speaker is not None:
            return None  # what another side will do is no position of the speaker
        speaker = clause.others[0]
    if clause.negated and (clause.own or clause.speaker is None) and not clause.expletive_there:
        return _put(clause, "refusal", speaker, about=clause.arguments)
    judged = [*clause.actors_of(condition.tokens), *clause.others][:1]
    return _put(clause, "condition", speaker, judged)


def by_future(clause: Clause) -> Stance | None:
    """What the side that speaks will do (commitment) or will not do (refusal)."""
    words = clause.lexicon.words
    planned = clause.going_to or clause.to_come
    if not clause.auxiliaries & {"will", "would", "shall", "can", "could", "may"} and not planned:
        return None
    holder = clause.speaker if clause.own else clause.holder() if clause.speaker is None else None
    if clause.others and clause.speaker is not None and not clause.own:
        return None
    if clause.negated or clause.negative_subject or (clause.expletive_there and clause.negative_anywhere):
        if holder is None and clause.speaker is not None and not clause.expletive_there:
            return _put(clause, "principle", clause.speaker, confidence=0.5)
        kind = (
            "denial"
            if clause.expletive_there
            else "red_line"
            if clause.lemma in words["concession_stop"]
            else "refusal"
        )
        return _put(clause, kind, clause.speaker if clause.expletive_there else holder, about=clause.arguments)
    if not clause.auxiliaries & {"will", "would", "shall"} and not planned:
        return None
    if holder is None and clause.passive_without_agent and clause.speaker is not None:
        holder = clause.speaker if clause.lemma not in words["routine_verbs"] else None
    if holder is None or clause.lemma in words["routine_verbs"] or clause.lemma in _COPULAS - {"remain", "stay"}:
        return None
    return _put(clause, "commitment", holder, about=clause.arguments, confidence=0.7)


def by_deed(clause: Clause) -> Stance | None:
    """What others did (accusation), what the own side did not do (denial) or did well (claim)."""
    words = clause.lexicon.words
    if clause.speaker is None or clause.auxiliaries & {"will", "would", "can", "could", "may", "might", "shall"}:
        return None
    judged = clause.others or [s for s in clause.subject_owners if s not in {OWN, clause.speaker}]
    if judged and not clause.own:
        blamed = bool(clause.words & words["blame"])
        if clause.negated or clause.passive_without_agent or not (blamed or clause.lemma in words["harms"]):
            return None
        weak = clause.lemma in words["weak_harms"] or clause.lemma not in words["harms"]
        if weak and not blamed and not clause.words & words["bad"]:
            return None
        return _put(clause, "accusation", clause.speaker, judged, confidence=0.6 if weak else 0.75)
    if clause.negative_subject and not clause.expletive_there:
        return _put(clause, "denial", clause.speaker, confidence=0.5)  # "nobody was planning a currency"
    if not clause.own:
        return _by_state_of_things(clause)
    if clause.negated:
        return _put(clause, "denial", clause.speaker, clause.others, confidence=0.7)
    if clause.passive_without_agent and clause.lemma in words["harms"]:
        return _put(clause, "accusation", clause.speaker, confidence=0.5)  # "the agency had been barred"
    if clause.lemma in {"remain", "stay"}:
        return _put(clause, "principle", clause.speaker, confidence=0.5)
    if "that" in clause.complements:
        return None  # "he had told them that …": what he told counts
    tag = clause.parse.tokens[clause.head].tag
    if clause.words & words["merit"] or "have" in clause.auxiliaries or clause.lemma in {"be", "have"} or tag == "VBZ":
        return _put(clause, "claim", clause.speaker, confidence=0.6)
    return None


def _by_state_of_things(clause: Clause) -> Stance | None:
    """What is said of neither side by name: a denial of facts, a wrong done, a truth, what belongs to the speaker."""
    words = clause.lexicon.words
    if clause.expletive_there and clause.negative_anywhere:
        return _put(clause, "denial", clause.speaker, confidence=0.5)
    harmful = clause.lemma in words["harms"] - words["weak_harms"] and not clause.negated and clause.subjects
    if harmful and (clause.subject_acts or clause.predicate.passive or clause.words & words["blame"]):
        return _put(clause, "accusation", clause.speaker, confidence=0.5)  # "the vote was marred by fraud"
    if clause.generic_subject and clause.lemma in words["truths"] and not clause.owned:
        return _put(clause, "principle", clause.speaker, confidence=0.4)
    if clause.owned and not clause.others and (clause.lemma in _COPULAS or "have" in clause.auxiliaries):
        return _put(clause, "denial" if clause.negated else "claim", clause.speaker, confidence=0.5)
    return None


RULES: tuple[Callable[[Clause], Stance | None], ...] = (
    by_order,
    by_demand_on_other,
    by_endorsement,
    by_wording,
    by_adjective,
    by_reception,
    by_noun,
    by_judgement,
    by_verb,
    by_demand,
    by_condition,
    by_future,
    by_deed,
)

"""Rules that know a position by whose deed the clause states and how: must, only if, will, did."""

from communique.coding.sides import OWN
from communique.coding.stance_clauses import Clause
from communique.coding.stance_conditions import actors_of, withheld
from communique.coding.stances import COPULAS, Stance, put


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
        return put(clause, "commitment" if not clause.negated else "refusal", clause.speaker, confidence=0.5)
    judged = clause.others or clause.subject_owners
    if clause.passive_without_agent and not clause.subject_acts:
        judged = []  # "the concerns of Chad should be met": it is not Chad that is to meet them
    if (clause.negated and not judged and clause.predicate.passive) or clause.negative_subject:
        return put(clause, "principle", clause.speaker, confidence=0.6)
    kind = "condition" if judged and _first(clause) else "demand"
    return put(clause, kind, clause.speaker, judged or clause.addressees)


def _first(clause: Clause) -> bool:
    """Whether something must be done before something else happens: "must reform before any money is released"."""
    tokens, children = clause.parse.tokens, clause.parse.children
    later = [j for j in children[clause.head] if tokens[j].dep == "advcl"]
    return any(
        {"before"} & {tokens[g].lower for g in children[j]}
        and {"nsubj", "nsubjpass"} & {tokens[g].dep for g in children[j]}
        for j in later
    )


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
    if modal and not clause.negated and answer and (condition is not None or free or _attack_below(clause)):
        judged = actors_of(clause, condition.tokens if condition else clause.tokens_below)
        return put(clause, "red_line", speaker, judged)
    if condition is None or not (modal or clause.lemma == "be"):
        return None
    if withheld(clause) and (clause.own or not clause.others or clause.speaker is None):
        return put(
            clause, "condition", speaker, [*actors_of(clause, condition.tokens), *clause.others][:1], clause.arguments
        )
    if clause.others and not clause.own and condition.mark not in {"while", "at the same time", "hoping for"}:
        if clause.speaker is not None:
            return None  # what another side will do is no position of the speaker
        speaker = clause.others[0]
    if clause.negated and (clause.own or clause.speaker is None) and not clause.expletive_there:
        return put(clause, "refusal", speaker, about=clause.arguments)
    judged = [*actors_of(clause, condition.tokens), *clause.others][:1]
    if condition.mark in words["trade_marks"]:
        return put(clause, "willingness", speaker, judged, clause.arguments)  # "would free them in return for …"
    if condition.mark == "if" and clause.own and "will" in clause.auxiliaries:
        return put(clause, "commitment", speaker, judged, clause.arguments)
    return put(clause, "condition", speaker, judged)


def _attack_below(clause: Clause) -> bool:
    """Whether the clause names an act of another side that it answers: "respond to any attack"."""
    if not any(clause.parse.tokens[i].lower in {"any", "every", "further"} for i in clause.tokens_below):
        return False
    return not clause.words.isdisjoint(
        {"attack", "aggression", "provocation", "strike", "mistake", "violation", "invasion", "country"}
    )


def by_future(clause: Clause) -> Stance | None:
    """What the side that speaks will do (commitment) or will not do (refusal)."""
    words = clause.lexicon.words
    planned = _planned(clause)
    if not clause.auxiliaries & {"will", "would", "shall", "can", "could", "may"} and not planned:
        return None
    holder = clause.speaker if clause.own else clause.holder() if clause.speaker is None else None
    if clause.others and clause.speaker is not None and not clause.own:
        return None
    denied = clause.negated or clause.negative_subject or clause.negative_object
    if denied or (clause.expletive_there and clause.negative_anywhere):
        if holder is None and clause.speaker is not None and not clause.expletive_there:
            return put(clause, "principle", clause.speaker, confidence=0.5)
        kind = (
            "denial"
            if clause.expletive_there
            else "red_line"
            if clause.lemma in words["concession_stop"]
            else "refusal"
        )
        return put(clause, kind, clause.speaker if clause.expletive_there else holder, about=clause.arguments)
    if not clause.auxiliaries & {"will", "would", "shall"} and not planned:
        return None
    if holder is None and clause.passive_without_agent and clause.speaker is not None:
        holder = clause.speaker if clause.lemma not in words["routine_verbs"] else None
    objects = {clause.parse.tokens[i].lemma.lower() for i in clause.predicate.objects}
    routine = clause.lemma in words["routine_verbs"] and objects.isdisjoint({"election", "referendum", "vote"})
    if holder is None or routine or clause.lemma in COPULAS - {"remain", "stay"}:
        return None
    return put(clause, "commitment", holder, about=clause.arguments, confidence=0.7)


def _planned(clause: Clause) -> bool:
    """ "is going to host talks", a headline's "Brazil to host talks"."""
    token = clause.parse.tokens[clause.head]
    headline = token.dep == "ROOT" and token.tag == "VB" and clause.infinitive and clause.has_subject
    return headline or (clause.lemma == "go" and "to" in clause.complements)


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
        weak = weak and not any(
            s in {OWN, clause.speaker} for i in clause.predicate.objects for s in clause.sides.owners(i)
        )
        if weak and not blamed and not clause.words & words["bad"]:
            return None
        return put(clause, "accusation", clause.speaker, judged, confidence=0.6 if weak else 0.75)
    if clause.negative_subject and not clause.expletive_there:
        return put(clause, "denial", clause.speaker, confidence=0.5)  # "nobody was planning a currency"
    if not clause.own:
        return _by_state_of_things(clause)
    if clause.negated:
        return put(clause, "denial", clause.speaker, clause.others, confidence=0.7)
    if clause.passive_without_agent and clause.lemma in words["harms"]:
        return put(clause, "accusation", clause.speaker, confidence=0.5)  # "the agency had been barred"
    if clause.lemma in {"remain", "stay"}:
        return put(clause, "principle", clause.speaker, confidence=0.5)
    if "that" in clause.complements:
        return None  # "he had told them that …": what he told counts
    if clause.lemma == "be" and "to" in clause.complements and not clause.predicative:
        return put(clause, "commitment", clause.speaker, about=clause.arguments)  # "Kenya is to send police"
    if any(clause.sides.actor_at(i) for i in clause.predicative):
        return put(clause, "principle", clause.speaker, confidence=0.5)  # "Crimea is Ukraine"
    if clause.words & words["merit"] or "have" in clause.auxiliaries or clause.lemma in {"be", "have"}:
        return put(clause, "claim", clause.speaker, confidence=0.6)
    return None


def _by_state_of_things(clause: Clause) -> Stance | None:
    """What is said of neither side by name: a denial of facts, a wrong done, a truth, what belongs to the speaker."""
    words = clause.lexicon.words
    if clause.expletive_there and clause.negative_anywhere:
        return put(clause, "denial", clause.speaker, confidence=0.5)
    harmful = clause.lemma in words["harms"] - words["weak_harms"] and not clause.negated and clause.subjects
    owned = any(s in {OWN, clause.speaker} for i in clause.predicate.objects for s in clause.sides.owners(i))
    opposite = any(clause.parse.tokens[j].lower == "other" for i in clause.subjects for j in clause.parse.children[i])
    if harmful and (
        clause.subject_acts or clause.predicate.passive or owned or opposite or clause.words & words["blame"]
    ):
        return put(clause, "accusation", clause.speaker, confidence=0.5)  # "the vote was marred by fraud"
    if _generic_subject(clause) and clause.lemma in words["truths"] and not clause.owned:
        return put(clause, "principle", clause.speaker, confidence=0.4)
    if clause.owned and not clause.others and (clause.lemma in COPULAS or "have" in clause.auxiliaries):
        return put(clause, "denial" if clause.negated else "claim", clause.speaker, confidence=0.5)
    return None


def _generic_subject(clause: Clause) -> bool:
    """Whether the subject is said of all of its kind: "security", "all countries", "no country"."""
    tokens = clause.parse.tokens
    present = {"VBZ", "VBP", "VB"} | ({"VBD"} if clause.reported and clause.lemma == "be" else set())
    for i in clause.subjects:
        if tokens[i].pos not in {"NOUN", "PROPN"} or tokens[clause.head].tag not in present:
            return False
        determiners = [j for j in clause.parse.children[i] if tokens[j].dep in {"det", "poss", "nummod", "predet"}]
        general = {"all", "every", "no", "any", "each", "a", "an"} | ({"the"} if tokens[i].pos == "PROPN" else set())
        if any(tokens[j].lower not in general for j in determiners):
            return False
    return bool(clause.subjects)

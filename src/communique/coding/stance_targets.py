"""Towards whom a position is taken: the first side that its words name, then that the words around them name."""

from collections.abc import Callable

from communique.coding.sides import Sides, is_state
from communique.coding.stance_clauses import Clause
from communique.coding.stance_conditions import actors_of, bound
from communique.coding.stance_finders import FINDERS, partners, place, preposition, victim, without
from communique.coding.stances import Stance

_FRIENDLY = frozenset({"support", "welcome"})


def targets_of(stance: Stance, sides: Sides) -> list[str]:
    """Sides that a position is directed at, its holder left out; empty where the words name none.

    Demands, accusations, red lines: who is to act, or has acted. Opposition, welcome, denial, concern: whose act it is.
    Support, commitment, willingness, refusal, condition: with, for or against whom. Claims and principles have none.
    """
    clause = stance.clause
    if stance.kind in {"claim", "principle"}:
        return [s for s in without(stance, clause.addressees) if not s.startswith("IGO/")]
    if stance.judged:
        return without(stance, list(stance.judged))
    finder = FINDERS.get(stance.kind, partners)
    if stance.kind == "denial" and clause.lemma not in _denying(stance):
        finder = partners  # what is denied without a verb of denial: "has never attacked Chile"
    for look in (_each_other, _bound, finder, *_LATER.get(stance.kind, ()), _spoken_of, _spoken_to):
        if found := without(stance, look(stance, sides)):
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
    return without(stance, actors_of(clause, clause.condition.tokens))[:1]


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
        heads = [i for i in verb.arguments if not place(stance, i)]
        if found := without(stance, [s for i in heads for s in sides.named(i)]):
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
    named = [i for i in tokens if not place(stance, i) and not victim(stance, i)]
    return without(stance, sides.below(named))[:1]


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
    return [s for i in below if tokens[i].dep == "pobj" and preposition(tokens, i) == "with" for s in sides.named(i)]


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


_LATER: dict[str, tuple[Callable[[Stance, Sides], list[str]], ...]] = {
    "demand": (_to_act, _deed_owners, _beside_verb),
    "red_line": (_deed_owners, _threatened),
    "accusation": (_deed_owners, _owners, _beside_verb),
    "concern": (_deed_owners, _beside_verb),
    "opposition": (_deed_owners, _beside_verb),
    "condition": (_asked,),
    "willingness": (_in_subject,),
}

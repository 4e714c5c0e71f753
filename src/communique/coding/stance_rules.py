"""What kind of position a clause puts, and who holds it: the rules in the order in which they are asked."""

from collections.abc import Callable

from communique.coding.sides import OWN
from communique.coding.stance_clauses import Clause
from communique.coding.stance_conditions import bound
from communique.coding.stance_deeds import by_condition, by_deed, by_demand, by_demand_on_other, by_future
from communique.coding.stance_verbs import about_words, by_noun, by_verb, by_warning
from communique.coding.stance_words import (
    by_adjective,
    by_endorsement,
    by_judgement,
    by_order,
    by_reception,
    by_wording,
)
from communique.coding.stances import Stance

Rule = Callable[[Clause], Stance | None]
# what these say of oneself is a condition where it hangs on another's act ("ready to sign once Chad has signed")
_UNLESS = frozenset({"commitment", "willingness", "refusal"})

RULES: tuple[Rule, ...] = (
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
# asked of the clauses in which nothing else was found
LAST: tuple[Rule, ...] = (by_warning,)


def stances_of(clause: Clause, rules: tuple[Rule, ...] = RULES) -> list[Stance]:
    """Positions that a clause puts: by the first rule that knows it. Several only where several sides hold the same."""
    if about_words(clause):
        return []
    for rule in rules:
        found = rule(clause)
        if found is not None:
            holders = _holders(clause, found)
            kinds = ["condition" if found.kind in _UNLESS and bound(clause) else found.kind]
            if rule is by_wording:
                kinds += [k for k in clause.wording_kinds[1:] if k not in kinds]
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

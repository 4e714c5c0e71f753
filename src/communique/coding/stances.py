"""A stance: the kind of position that a clause puts, who holds it, and whom the rule itself already knows as judged."""

from collections.abc import Iterable
from dataclasses import dataclass

from communique.coding.conditions import Condition
from communique.coding.sides import OWN
from communique.coding.stance_clauses import Clause

# what a kind becomes where its word is denied
NEGATED = {"support": "opposition", "opposition": "willingness", "willingness": "refusal", "welcome": "opposition"}
COPULAS = frozenset({"be", "remain", "stay", "seem", "feel", "become", "look", "stand", "appear"})


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


def put(
    clause: Clause,
    kind: str,
    holder: str | None,
    judged: Iterable[str] = (),
    about: Iterable[int] = (),
    confidence: float = 0.8,
) -> Stance | None:
    """A stance of `holder`, itself left out of those judged; None where nobody is known to hold it."""
    if holder is None or holder == OWN:
        return None
    others = tuple(s for s in judged if s not in {holder, OWN})
    return Stance(kind, holder, clause, others, tuple(about), confidence)

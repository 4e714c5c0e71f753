"""What hangs on another's act: whether a clause holds only until or once something is done, and who is to do it."""

from communique.coding.sides import OWN
from communique.coding.stance_clauses import Clause


def withheld(clause: Clause) -> bool:
    """Whether something is refused until a condition is met: "will not withdraw unless", "no talks without"."""
    return clause.condition is not None and clause.condition.mark != "hoping for" and clause.negative_anywhere


def bound(clause: Clause) -> bool:
    """Whether a clause says that what is said holds only until or once something is done."""
    condition = clause.condition
    if condition is None or condition.mark not in clause.lexicon.words["binding_marks"]:
        return False
    words = {clause.parse.tokens[i].lower for i in condition.tokens}
    if {"it", "takes"} <= words or {"it", "took"} <= words:
        return False  # "as long as it takes"
    stated = any(clause.parse.tokens[i].pos in {"VERB", "AUX"} for i in condition.tokens[1:])
    return stated or condition.mark.startswith("provid")


def actors_of(clause: Clause, indices: list[int] | tuple[int, ...]) -> list[str]:
    """Sides other than the speaker's that act in the tokens: subjects, owners ("an end to Iran's enrichment"); of
    what is done to something only whose act is ended ("once U.S. sanctions are lifted")."""
    tokens, acts = clause.parse.tokens, clause.lexicon.words["acts"]
    found: list[str] = []
    for i in indices:
        token, above = tokens[i], tokens[tokens[i].head]
        patient = next((t for t in (token, above) if t.dep == "nsubjpass"), None)
        if patient is not None and patient.lemma.lower() not in acts:
            continue
        if token.dep in {"nsubj", "nsubjpass", "poss"} or above.dep == "agent":
            found += clause.sides.named(i)
        elif token.dep in {"amod", "compound"} and (side := clause.sides.actor_at(i)) is not None:
            found.append(side)
    return [s for s in dict.fromkeys(found) if s not in {clause.speaker, OWN}]

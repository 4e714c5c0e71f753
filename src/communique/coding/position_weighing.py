"""Rules and encoder together: which of the rules' positions stand, which the encoder adds, towards whom, on what.

The rules know holders, extents and conditions; the encoder reads sentences whose words no rule knows. Thresholds are
fitted on sentences that neither was made from (docs/positions.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from communique.coding.issue_codebook import IssueBook
from communique.coding.position_encoder import FIRST_KIND, HOLDER, TARGET, Reading
from communique.coding.sides import Sides
from communique.coding.stance_clauses import Clause
from communique.coding.stance_lexicon import StanceLexicon
from communique.coding.stance_targets import targets_of
from communique.coding.stance_verbs import about_words
from communique.coding.stances import Stance

# probabilities below which what the rules found is not believed; from which something is added where they found
# nothing, and where they found something else
KEEP_KIND, ADD_KIND, MORE_KIND = 0.05, 0.6, 0.8
KEEP_TARGET, ADD_TARGET, MORE_TARGET = 0.1, 0.4, 0.8
KEEP_ISSUE, ADD_ISSUE, MORE_ISSUE = 0.02, 0.4, 0.6
HELD = 0.3  # from which a name is the holder of a kind, else whoever speaks is


@dataclass
class Draft:
    """A position in the making: coordinated verbs with one subject add their words and targets to the first's."""

    stance: Stance
    tokens: set[int]
    targets: list[str]

    @classmethod
    def of(cls, stance: Stance, sides: Sides, tokens: set[int] | None = None) -> "Draft":
        """A draft of the tokens given, else of the stance's clause."""
        return cls(stance, tokens or set(stance.clause.tokens_below), targets_of(stance, sides))

    def add(self, stance: Stance, sides: Sides) -> None:
        both = self.tokens | set(stance.clause.tokens_below)
        self.tokens = set(range(min(both), max(both) + 1))
        self.targets += [t for t in targets_of(stance, sides) if t not in self.targets]


@dataclass(frozen=True, slots=True)
class Named:
    """A side that a sentence names: what it counts as when something is directed at it (`Sides.target`), the tokens of
    one mention, and the encoder's roles of it.
    """

    side: str
    target: str | None
    first: int
    last: int
    roles: tuple[float, ...]


def weigh(drafts: list[Draft], reading: Reading, sentence: int, sides: Sides, lexicon: StanceLexicon) -> list[Draft]:
    """The positions of a sentence.

    Args:
        drafts: what the rules found in it.
        reading: what the encoder read in it.
        sentence: its number.
    """
    named = named_sides(sentence, sides, reading)
    believed: dict[int, float] = {}  # kinds that one clause puts together stand or fall together
    for d in drafts:
        head = d.stance.clause.head
        believed[head] = max(believed.get(head, 0.0), reading.kinds[d.stance.kind])
    kept = [d for d in drafts if believed[d.stance.clause.head] >= KEEP_KIND]
    dropped = [d for d in drafts if believed[d.stance.clause.head] < KEEP_KIND]
    for n, (kind, sure) in enumerate(reading.kinds.items()):
        if sure < (MORE_KIND if drafts else ADD_KIND) or any(d.stance.kind == kind for d in kept):
            continue
        holder, head = _holder(named, FIRST_KIND + n, sentence, sides)
        clause = Clause(sides.parse, sides, lexicon, head)
        if holder is None or sides.nameless(holder) or about_words(clause):
            continue
        before = next((d for d in dropped if d.stance.holder == holder), None)
        stance = Stance(kind, holder, before.stance.clause if before else clause, confidence=round(min(sure, 0.9), 3))
        kept.append(Draft.of(stance, sides, before.tokens if before else None))
    _retarget(kept, named)
    return kept


def _holder(named: list[Named], kind: int, sentence: int, sides: Sides) -> tuple[str | None, int]:
    """Who holds a position that no rule found, and the head of its clause."""
    parse = sides.parse
    first, end = parse.sentences[sentence]
    root = next((i for i in range(first, end) if parse.tokens[i].head == i), first)
    held = max(named, key=lambda m: m.roles[kind] + m.roles[HOLDER], default=None)
    if held is None or max(held.roles[kind], held.roles[HOLDER]) < HELD:
        said = (sides.speaker(i) or sides.source(sides.cued_by(i)) for i in (root, *range(first, end)))
        return next((side for side in said if side is not None), None), root
    above = (i for i in parse.ancestors(held.last) if parse.tokens[i].pos in {"VERB", "AUX"})
    return held.side, next(above, root)


def named_sides(sentence: int, sides: Sides, reading: Reading | None = None) -> list[Named]:
    """The sides that a sentence names, in order, with what the encoder reads of each; no roles without a reading."""
    parse = sides.parse
    first, end = parse.sentences[sentence]
    start = parse.tokens[first].start
    runs: list[tuple[str, int, int]] = []
    for i in range(first, end):
        side = sides.actor_at(i)
        if side is None:
            continue
        if runs and runs[-1][0] == side and runs[-1][2] == i - 1:
            runs[-1] = (side, runs[-1][1], i)
        else:
            runs.append((side, i, i))
    found: list[Named] = []
    for side, a, b in runs:
        roles = reading.role(parse.tokens[a].start - start, parse.tokens[b].end - start) if reading else ()
        found.append(Named(side, sides.target(side, a), a, b, tuple(map(float, roles))))
    return found


def _retarget(drafts: list[Draft], named: list[Named]) -> None:
    """Leave out targets that the encoder does not believe; give those it is sure of to who has none, else to all."""
    sure: dict[str, float] = {}
    for m in named:
        if m.target is not None:
            sure[m.target] = max(sure.get(m.target, 0.0), m.roles[TARGET])
    holders = {d.stance.holder for d in drafts}  # "accused each other"
    for draft in drafts:
        draft.targets = [t for t in draft.targets if t in holders or sure.get(t, 1.0) >= KEEP_TARGET]
    known = {t for d in drafts for t in d.targets}
    bare = [d for d in drafts if not d.targets]
    for side, p in sure.items():
        if side in known:
            continue
        free = [d for d in bare if d.stance.holder != side]
        least = ADD_TARGET if free else MORE_TARGET
        for draft in (free or [d for d in drafts if d.stance.holder != side]) if p >= least else ():
            draft.targets.append(side)


def weigh_issues(found: Iterable[str], reading: Reading, book: IssueBook, inherited: Iterable[str] = ()) -> list[str]:
    """Issues of a position: those found by their keys that the encoder does not doubt, and those it is sure of.

    Args:
        found: issues by their keys; those of the user's own are not doubted.
        inherited: those among them that the passage was opened with, which its sentences need not name.
    """
    safe = set(inherited)
    kept = [i for i in found if i in safe or i not in book.ours or reading.issues.get(i, 1.0) >= KEEP_ISSUE]
    least = MORE_ISSUE if kept else ADD_ISSUE
    kept += [i for i, p in reading.issues.items() if p >= least and i in book.ours and i not in kept]
    return book.narrowest(kept)

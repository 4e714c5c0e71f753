"""The codebook of international issues: its table, the marks of its keys and the automaton that finds them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from communique.coding.formulas import Automaton, key_of
from communique.coding.phrases import checked_patterns, table_rows
from communique.coding.stance_lexicon import load_stances
from communique.data import data_path
from communique.errors import DataError
from communique.settings import load_settings

COLUMNS = ("id", "parent", "name", "keys", "definition")
_MARKS = re.compile(r"[~@&^*]")
_MARK = re.compile(r"~{1,2}|\*|[@&^][^~@&^*]+")


@dataclass(frozen=True, slots=True)
class Key:
    """One key without its marks, and what they ask for; see the head of the codebook.

    name: 1 or 2 for a name that must not be the one who acts. weak: counts only beside no other issue. states, beside
    and never: sides, words of which one must stand in the sentence, words of which none may.
    """

    pattern: str
    blocks: bool = False
    name: int = 0
    weak: bool = False
    states: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


@cache
def read_key(text: str) -> Key:
    """Read a key of the codebook: `!pattern`, or `pattern` with any of the marks `~ ~~ * @STATES &words ^words`.

    Raises:
        ValueError: a mark is not followed by what it needs.
    """
    blocks = text.startswith("!")
    bare = _MARKS.split(text.removeprefix("!"), maxsplit=1)[0]
    rest = text.removeprefix("!")[len(bare) :]
    marks = _MARK.findall(rest)
    if "".join(marks) != rest or (blocks and marks):
        raise ValueError(f"{text!r} has marks that cannot be read; use pattern, then ~ ~~ * @STATES &words ^words")
    sets = {m[0]: frozenset(m[1:].split("/")) for m in marks if m[0] in "@&^"}
    return Key(
        bare,
        blocks,
        max((len(m) for m in marks if m[0] == "~"), default=0),
        "*" in marks,
        sets.get("@", frozenset()),
        frozenset(key_of(w) for w in sets.get("&", ())),
        frozenset(key_of(w) for w in sets.get("^", ())),
    )


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue. parents: ids of broader ones, its place in the tree first; keys: lemma patterns, see
    coding/formulas.py.
    """

    id: str
    parents: tuple[str, ...]
    name: str
    keys: tuple[str, ...]
    definition: str

    @property
    def parent(self) -> str | None:
        """The broader issue it stands under in the tree."""
        return self.parents[0] if self.parents else None


@dataclass(frozen=True)
class IssueBook:
    """issues by id; openers: words that open a passage on a topic ("in terms of"); ours: ids of the package's
    rows.

    The automaton's values are an issue and a key's marks, so that a match can be judged by what stands around it.
    """

    issues: dict[str, Issue]
    automaton: Automaton
    openers: Automaton
    ours: frozenset[str]

    def ancestors(self, issue: str) -> list[str]:
        """Ids of the broader issues, those of the tree first, nearest first."""
        found: dict[str, None] = {}
        for parent in self.issues[issue].parents:
            found |= dict.fromkeys([parent, *self.ancestors(parent)])
        return list(found)

    def narrowest(self, issues: Iterable[str]) -> list[str]:
        """The issues without those that another of them is part of, in their order."""
        found = list(issues)
        above = {a for issue in found for a in self.ancestors(issue)}
        return [issue for issue in found if issue not in above]

    def with_narrower(self, issue: str) -> list[str]:
        """An issue, whether the codebook has it or not, and the narrower ones below it."""
        return [issue, *(id for id in self.issues if issue in self.ancestors(id))]

    def related(self, a: str, b: str) -> bool:
        """Whether two issues are the same, or one is part of the other."""
        return a == b or a in self.ancestors(b) or b in self.ancestors(a)


@cache
def load_issues(*extra: Path) -> IssueBook:
    """Read the package's issue codebook and a user's own tables with the same columns; a user's row replaces ours.

    Args:
        extra: the user's tables; by default those that COMMUNIQUE_ISSUES names.

    Raises:
        DataError: a file cannot be read, a parent is unknown or the hierarchy runs in a circle.
    """
    issues: dict[str, Issue] = {}
    own = extra or load_settings().issues
    ours: set[str] = set()
    for path in (data_path("codebooks", "issues.tsv"), *own):
        for line, row in table_rows(path, COLUMNS):
            where = f"{path.name}: line {line}"
            if row["id"] != row["id"].strip().lower() or " " in row["id"]:
                raise DataError(f"{where}: id {row['id']!r} must be lower case without spaces")
            parents = tuple(p.strip() for p in row["parent"].split(";") if p.strip())
            keys = _keys(where, row["keys"], path in own)
            (ours.discard if path in own else ours.add)(row["id"])
            issues[row["id"]] = Issue(row["id"], parents, row["name"], keys, row["definition"])
    for issue in issues.values():
        _check_above(issues, issue.id, (issue.id,))
    return IssueBook(
        issues,
        Automaton(_valued(i.id, k) for i in issues.values() for k in i.keys),
        Automaton((pattern, "opener") for pattern in load_stances().words["topic_openers"]),
        frozenset(ours),
    )


def _check_above(issues: dict[str, Issue], issue: str, path: tuple[str, ...]) -> None:
    for above in issues[issue].parents:
        if above not in issues:
            raise DataError(f"issues: {issue!r} has the unknown parent {above!r}; add it or leave the cell empty")
        if above in path:
            raise DataError(f"issues: {path[0]!r} is its own ancestor; break the circle at {above!r}")
        _check_above(issues, above, (*path, above))


def _keys(where: str, cell: str, check: bool) -> tuple[str, ...]:
    """Keys of a cell. check: read each now, as befits a user's table; ours is read in a test."""
    written = tuple(k.strip() for k in cell.split(";") if k.strip())
    if check:
        try:
            checked_patterns(where, ";".join(read_key(k).pattern for k in written))
        except ValueError as error:
            raise DataError(f"{where}: {error}") from error
    return written


def _valued(issue: str, key: str) -> tuple[str, str]:
    """A key's pattern and what the automaton gives for it: the issue, and the marks alone, so that unmarked keys share
    one value."""
    if key.startswith("!"):
        return key[1:], "!"
    pattern = _MARKS.split(key, maxsplit=1)[0]
    return pattern, f"{issue}\t{key[len(pattern) :]}"

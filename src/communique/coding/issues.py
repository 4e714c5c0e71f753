"""International issues: the codebook, where its keys occur, and which issues a passage is about."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from communique.coding.formulas import Automaton, key_of, keys
from communique.coding.phrases import checked_patterns, table_rows
from communique.data import data_path, parse_yaml
from communique.errors import DataError
from communique.parsing.parse import Parse
from communique.records import Span
from communique.settings import load_settings

COLUMNS = ("id", "parent", "name", "keys", "definition")
_TOPICAL = frozenset(
    {"in", "on", "over", "about", "into", "regarding", "concerning", "across", "around", "including", "as"}
)
_TOWARDS = frozenset({"to", "for", "of", "inside", "near", "against"})
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
    """One issue. parent: id of a broader one, or None; keys: lemma patterns, see coding/formulas.py."""

    id: str
    parent: str | None
    name: str
    keys: tuple[str, ...]
    definition: str


@dataclass(frozen=True)
class IssueBook:
    """issues by id; openers: words that open a passage on a topic ("in terms of").

    The automaton's values are an issue and a key's marks, so that a match can be judged by what stands around it.
    """

    issues: dict[str, Issue]
    automaton: Automaton
    openers: Automaton

    def ancestors(self, issue: str) -> list[str]:
        """Ids of the broader issues, nearest first."""
        found: list[str] = []
        parent = self.issues[issue].parent
        while parent is not None:
            found.append(parent)
            parent = self.issues[parent].parent
        return found

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
    for path in (data_path("codebooks", "issues.tsv"), *(extra or load_settings().issues)):
        for line, row in table_rows(path, COLUMNS):
            where = f"{path.name}: line {line}"
            if row["id"] != row["id"].strip().lower() or " " in row["id"]:
                raise DataError(f"{where}: id {row['id']!r} must be lower case without spaces")
            keys = _keys(where, row["keys"], path in extra)
            issues[row["id"]] = Issue(row["id"], row["parent"] or None, row["name"], keys, row["definition"])
    for issue in issues.values():
        above, seen = issue.parent, {issue.id}
        while above is not None:
            if above not in issues:
                raise DataError(
                    f"issues: {issue.id!r} has the unknown parent {above!r}; add it or leave the cell empty"
                )
            if above in seen:
                raise DataError(f"issues: {issue.id!r} is its own ancestor; break the circle at {above!r}")
            seen.add(above)
            above = issues[above].parent
    path = data_path("codebooks", "positions.yaml")
    openers = parse_yaml(path.read_text(encoding="utf8"), plain=True)["topic_openers"]
    return IssueBook(
        issues,
        Automaton(_valued(i.id, k) for i in issues.values() for k in i.keys),
        Automaton((pattern, "opener") for pattern in openers),
    )


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


@dataclass(frozen=True, slots=True)
class IssueHit:
    """One place that raises an issue: its tokens; weak if it counts only beside no other issue."""

    issue: str
    tokens: tuple[int, ...]
    weak: bool = False


@dataclass(frozen=True)
class IssueReading:
    """Where a document raises which issues. topics: issues that each paragraph was opened with or inherits."""

    parse: Parse
    hits: tuple[IssueHit, ...]
    topics: tuple[tuple[str, ...], ...]
    book: IssueBook

    def named(self, start: int, end: int) -> list[str]:
        """Issues that the words in characters [start, end) name, each the narrowest: none beside one that is part of
        it.
        """
        return self._narrowest(self._raised(start, end))

    def within(self, start: int, end: int) -> list[str]:
        """Issues of a passage: those it names, else those its sentences name; and the topic that its paragraph is
        on.
        """
        tokens = self.parse.tokens_in(start, end)
        found = self._raised(start, end)
        if all(h.weak for h in found) and len(tokens):
            sentences = sorted({self.parse.tokens[i].sentence for i in tokens})
            found = self._raised(self.parse.sentence_span(sentences[0])[0], self.parse.sentence_span(sentences[-1])[1])
        return self._narrowest(found, self._topics_at(start))

    def _raised(self, start: int, end: int) -> list[IssueHit]:
        inside = self.parse.tokens_in(start, end)
        return [h for h in self.hits if h.tokens[0] in inside and h.tokens[-1] in inside]

    def _narrowest(self, hits: Sequence[IssueHit], more: Iterable[str] = ()) -> list[str]:
        found = dict.fromkeys([*(h.issue for h in hits if not h.weak), *more]) or dict.fromkeys(h.issue for h in hits)
        above = {a for issue in found for a in self.book.ancestors(issue)}
        return [issue for issue in found if issue not in above]

    def _topics_at(self, char: int) -> tuple[str, ...]:
        number = bisect_right([s for s, _ in self.parse.paragraphs], char) - 1
        return self.topics[number] if 0 <= number < len(self.topics) else ()


def read_issues(
    parse: Parse,
    book: IssueBook | None = None,
    *,
    named: Callable[[int], set[str]] | None = None,
    sources: Sequence[Span] = (),
) -> IssueReading:
    """Find the issues of a document and the topics that its passages are opened with.

    A passage is opened by words such as "On the Ukraine issue": its paragraph is on that topic to the end, unless
    another is opened. The next paragraph inherits the topic when it names the issue again (or a broader or narrower
    one), or names none at all.

    Args:
        parse: the parsed document.
        book: the codebook; without one the package's own.
        named: gives the states that a sentence, by its number, names or is said by; without it, keys that ask for a
            state do not count.
        sources: spans of the words that name speakers; "the trade representative" raises no issue.
    """
    book = book or load_issues()
    words: dict[int, frozenset[str]] = {}

    def words_of(sentence: int) -> frozenset[str]:
        if sentence not in words:
            first, end = parse.sentences[sentence] if parse.sentences else (0, len(parse.tokens))
            words[sentence] = frozenset(k for t in parse.tokens[first:end] for k in keys(t))
        return words[sentence]

    def counts(value: str, tokens: tuple[int, ...]) -> bool:
        if any(s <= parse.tokens[tokens[0]].start and parse.tokens[tokens[-1]].end <= e for s, e in sources):
            return False
        marks = value.partition("\t")[2]
        if not marks:
            return True
        key, sentence = read_key(marks), parse.tokens[tokens[0]].sentence
        if key.states and (named is None or key.states.isdisjoint(named(sentence))):
            return False
        if key.beside and key.beside.isdisjoint(words_of(sentence)):
            return False
        if key.never and not key.never.isdisjoint(words_of(sentence)):
            return False
        return _raises(parse, key.name, tokens[-1])

    hits = tuple(
        IssueHit(issue, tokens, "*" in marks)
        for value, tokens in book.automaton.find(parse, accept=counts)
        if value != "!"
        for issue, _, marks in [value.partition("\t")]
    )
    return IssueReading(parse, hits, tuple(_topics(parse, hits, book)), book)


def issues_in(parse: Parse, start: int, end: int, book: IssueBook | None = None) -> list[str]:
    """Ids of the issues that characters [start, end) touch, inherited topics included; see `read_issues`."""
    return read_issues(parse, book).within(start, end)


def _raises(parse: Parse, marks: int, i: int) -> bool:
    """Whether a name raises the issue where it stands: marked once, unless it acts, is addressed or is met with; marked
    twice, only as a place or topic ("in Mali", "on Belarus")."""
    if not marks:
        return True
    token = parse.tokens[i]
    while token.dep in {"compound", "nmod", "amod", "poss", "conj", "appos"} and token.head != token.i:
        if token.dep == "poss" and marks > 1:
            return False
        token = parse.tokens[token.head]
    if token.dep in {"nsubj", "nsubjpass", "csubj", "dative", "ROOT"}:
        return False
    if token.dep == "pobj":
        preposition = parse.tokens[token.head]
        allowed = _TOPICAL if marks > 1 else _TOPICAL | _TOWARDS
        return preposition.lower in allowed and preposition.dep != "agent"
    if token.dep == "dobj":
        # "urged Ukraine to …": addressed, not spoken of
        verb = parse.children[token.head]
        return marks == 1 and not any(parse.tokens[j].dep in {"xcomp", "ccomp"} for j in verb)
    return marks == 1


def _topics(parse: Parse, hits: tuple[IssueHit, ...], book: IssueBook) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    openers = [m[1] for m in book.openers.find(parse)]
    before: tuple[str, ...] = ()
    for start, end in parse.paragraphs:
        inside = parse.tokens_in(start, end)
        named = {h.issue for h in hits if h.tokens[0] in inside and not h.weak}
        opened = dict.fromkeys(issue for o in openers if o[0] in inside for issue in _opened_by(parse, o, hits))
        if opened:
            before = tuple(opened)
        elif named and not any(book.related(a, b) for a in named for b in before):
            before = ()
        found.append(before)
    return found


def _opened_by(parse: Parse, opener: tuple[int, ...], hits: tuple[IssueHit, ...]) -> list[str]:
    """Issues in the phrase that an opener at the head of a clause introduces, up to the comma or verb that ends it."""
    tokens = parse.tokens
    first = opener[0]
    if tokens[first].sentence != (tokens[first - 1].sentence if first else -1):
        at_head = True
    else:
        at_head = tokens[first - 1].text in {",", '"', "“", ";", "said", "says"}
    if not at_head:
        return []
    last = opener[-1] + 1
    sentence_end = parse.sentences[tokens[first].sentence][1]
    comma = 0
    while last < sentence_end and tokens[last].pos not in {"VERB", "AUX"}:
        if tokens[last].text in {",", ":"}:
            comma = last
            break
        last += 1
    if not comma and not any(t.text in {",", ":"} for t in tokens[last:sentence_end]):
        last = min(last, sentence_end)
    return [h.issue for h in hits if opener[-1] < h.tokens[0] and h.tokens[-1] < last]

"""International issues: where the keys of their codebook occur, and which issues a passage is about."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from communique.coding.formulas import key_of, keys
from communique.coding.issue_codebook import IssueBook, load_issues, read_key
from communique.parsing.parse import Parse
from communique.records import Span

_TOPICAL = frozenset(
    {"in", "on", "over", "about", "into", "regarding", "concerning", "across", "around", "including", "as"}
)
_TOWARDS = frozenset({"to", "for", "of", "inside", "near", "against"})
_ADDRESSING = frozenset(
    {
        "accuse",
        "address",
        "answer",
        "ask",
        "assure",
        "blame",
        "charge",
        "commend",
        "condemn",
        "congratulate",
        "criticize",
        "invite",
        "meet",
        "praise",
        "press",
        "promise",
        "remind",
        "tell",
        "thank",
        "urge",
        "warn",
        "welcome",
    }
)


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
        return self._narrowest(found, self.topics_at(start))

    def _raised(self, start: int, end: int) -> list[IssueHit]:
        inside = self.parse.tokens_in(start, end)
        return [h for h in self.hits if h.tokens[0] in inside and h.tokens[-1] in inside]

    def _narrowest(self, hits: Sequence[IssueHit], more: Iterable[str] = ()) -> list[str]:
        found = dict.fromkeys([*(h.issue for h in hits if not h.weak), *more]) or dict.fromkeys(h.issue for h in hits)
        return self.book.narrowest(found)

    def topics_at(self, char: int) -> tuple[str, ...]:
        """Issues that the paragraph at a character was opened with or inherits."""
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
    spoken = {i for start, end in sources for i in parse.tokens_in(start, end)}
    words: dict[int, frozenset[str]] = {}

    def words_of(sentence: int) -> frozenset[str]:
        if sentence not in words:
            first, end = parse.sentences[sentence] if parse.sentences else (0, len(parse.tokens))
            words[sentence] = frozenset(k for t in parse.tokens[first:end] for k in keys(t))
        return words[sentence]

    def counts(value: str, tokens: tuple[int, ...]) -> bool:
        if tokens[0] in spoken and tokens[-1] in spoken:
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

    def hides(longer: str, shorter: str) -> bool:
        """A name is heard inside another issue's longer key: "for Kyiv" in "air defence for Kyiv"."""
        issue, _, marks = shorter.partition("\t")
        above = longer.partition("\t")[0]
        return "~" not in marks or above == "!" or book.related(above, issue)

    hits = tuple(
        IssueHit(issue, tokens, "*" in marks)
        for value, tokens in book.automaton.find(parse, accept=counts, hides=hides)
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
        if token.dep == "poss":
            return False
        token = parse.tokens[token.head]
    if token.dep in {"nsubj", "nsubjpass", "csubj", "dative", "ROOT"}:
        return False
    if token.dep == "pobj":
        preposition = parse.tokens[token.head]
        allowed = _TOPICAL if marks > 1 else _TOPICAL | _TOWARDS
        return preposition.lower in allowed and preposition.dep != "agent"
    if token.dep == "dobj":
        # "urged Ukraine to …", "accused Ukraine": addressed, not spoken of
        verb = parse.tokens[token.head]
        asked = any(parse.tokens[j].dep in {"xcomp", "ccomp"} for j in parse.children[verb.i])
        return marks == 1 and not asked and key_of(verb.lemma) not in _ADDRESSING
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

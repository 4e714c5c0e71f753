"""A parsed document: what every later room reads. Plain values; nothing here knows spaCy."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from communique.records import Document, Span


@dataclass(slots=True)
class Token:
    """One token. `i`, `head` and `sentence` are indices; `start` and `end` are characters of the document.

    pos: Universal POS; tag: Penn tag; dep: spaCy's English (ClearNLP) label; the root of a sentence is its own head.
    entity: OntoNotes label ("PERSON", "GPE", "ORG", "DATE" …) or ""; entity_start marks its first token.
    """

    i: int
    text: str
    lower: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    start: int
    end: int
    sentence: int
    entity: str
    entity_start: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """Words between quotation marks: [start, end) characters without the marks; outer is the range with them.

    A quotation over several paragraphs (each opened anew, only the last closed) is several Quotes; `continues` is true
    for those that go on from the paragraph before.
    """

    start: int
    end: int
    outer: Span
    continues: bool = False


@dataclass(frozen=True)
class Parse:
    """sentences: ranges of tokens; paragraphs: ranges of characters; turns: speaker turns of a transcript."""

    document: Document
    tokens: tuple[Token, ...]
    sentences: tuple[Span, ...]
    paragraphs: tuple[Span, ...]
    quotes: tuple[Quote, ...]
    dateline: Span | None = None
    _starts: list[int] = field(default_factory=list, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._starts.extend(t.start for t in self.tokens)

    @cached_property
    def children(self) -> list[list[int]]:
        """For each token the indices of its dependents, in order."""
        found: list[list[int]] = [[] for _ in self.tokens]
        for token in self.tokens:
            if token.head != token.i:
                found[token.head].append(token.i)
        return found

    def subtree(self, i: int) -> list[int]:
        """Indices of token `i` and all below it, in order."""
        found = [i]
        for j in found:
            found.extend(self.children[j])
        return sorted(found)

    def ancestors(self, i: int) -> Iterator[int]:
        """Heads of token `i`, nearest first."""
        while self.tokens[i].head != i:
            i = self.tokens[i].head
            yield i

    def token_at(self, char: int) -> int:
        """Index of the last token that starts at or before `char` (0 if there is none)."""
        return max(0, bisect_right(self._starts, char) - 1)

    def tokens_in(self, start: int, end: int) -> range:
        """Indices of the tokens that overlap characters [start, end)."""
        first = self.token_at(start)
        if first < len(self.tokens) and self.tokens[first].end <= start:
            first += 1
        return range(first, max(first, bisect_left(self._starts, end)))

    def sentence_span(self, sentence: int) -> Span:
        """Characters of a sentence."""
        first, end = self.sentences[sentence]
        return self.tokens[first].start, self.tokens[end - 1].end

    def text(self, indices: list[int] | range) -> str:
        """The document's words from the first to the last of the tokens."""
        if not indices:
            return ""
        return self.document.text[self.tokens[indices[0]].start : self.tokens[indices[-1]].end]

    def spans(self, indices: list[int] | range) -> tuple[Span, ...]:
        """Character spans of tokens: one for each run of neighbours in the same paragraph."""
        runs: list[list[int]] = []
        for i in sorted(indices):
            if runs and i == runs[-1][-1] + 1:
                runs[-1].append(i)
            else:
                runs.append([i])
        return tuple((self.tokens[r[0]].start, self.tokens[r[-1]].end) for r in runs)

"""What the attribution room gives: who said what, as spans, before anybody knows who the names are."""

from dataclasses import dataclass

from communique.records import Span, StatementKind


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution. `parent` and `responds_to` are positions in the list that holds it.

    addressees: spans of the words that name who is addressed ("the United States" in "urged the United States to …").
    response: spans of the words that say what is answered ("the spokesperson's remarks"), where they do.
    speaker: the name at the head of a transcript's turn, which is also the source.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    kind: StatementKind
    lemma: str | None = None
    negated: bool = False
    addressees: tuple[Span, ...] = ()
    occasion: Span | None = None
    response: Span | None = None
    parent: int | None = None
    responds_to: int | None = None
    confidence: float = 1.0

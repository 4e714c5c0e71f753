"""Attributions to statements: whose words, to whom, when, with ids that depend on nothing but the text."""

from collections.abc import Sequence

from communique.actors.coreference import head_of
from communique.attribution import Attribution
from communique.parsing import Parse
from communique.parsing.dates import resolve_date
from communique.records import Content, Cue, Source, Span, Statement, derived_id


class Mentions:
    """Mentions by token, to look up who stands at a place."""

    def __init__(self, parse: Parse, mentions: Sequence[tuple[tuple[Span, ...], str]]) -> None:
        self.parse = parse
        self.at: dict[int, list[tuple[int, str]]] = {}
        for spans, actor in mentions:
            size = sum(end - start for start, end in spans)
            for start, end in spans:
                for i in parse.tokens_in(start, end):
                    self.at.setdefault(i, []).append((size, actor))

    def named(self, spans: tuple[Span, ...]) -> str | None:
        """The actor that a phrase names: at its head, else at what modifies or owns the head, else nearest to it."""
        tokens = [i for start, end in spans for i in self.parse.tokens_in(start, end)]
        if not tokens:
            return None
        head = head_of(self.parse, tokens)
        if head not in self.at:
            below = sorted((self._depth(i, head), i) for i in tokens if i in self.at)
            if not below:
                return None
            head = below[0][1]
        return self._widest(head)

    def all_named(self, spans: tuple[Span, ...]) -> list[str]:
        """Every actor at the head of one of the spans or coordinated with it, in order, each once."""
        found: dict[str, None] = {}
        for span in spans:
            tokens = list(self.parse.tokens_in(*span))
            first = self.named((span,))
            if first is not None:
                found[first] = None
            for i in tokens:
                if self.parse.tokens[i].dep == "conj" and i in self.at:
                    found[self._widest(i)] = None
        return list(found)

    def _widest(self, i: int) -> str:
        """The actor of the longest mention that covers a token; of two at one place the one named first."""
        return max(self.at[i], key=lambda mention: mention[0])[1]

    def _depth(self, i: int, head: int) -> int:
        return next((n for n, above in enumerate(self.parse.ancestors(i), 1) if above == head), 99)


def build_statements(
    parse: Parse, attributions: Sequence[Attribution], sources: Sequence[str | None], mentions: Mentions
) -> list[Statement]:
    """One statement an attribution, in the same order.

    Args:
        sources: the actor of each attribution, None where nobody is named.
    """
    ids = [derived_id(parse.document.id, "s", a.content, a.source, a.cue) for a in attributions]
    return [
        Statement(
            id=ids[n],
            parent=ids[a.parent] if a.parent is not None else None,
            responds_to=ids[a.responds_to] if a.responds_to is not None else None,
            source=Source(spans=a.source, actor=sources[n]),
            cue=Cue(spans=a.cue, lemma=a.lemma),
            content=Content(spans=a.content),
            kind=a.kind,
            negated=a.negated,
            addressees=tuple(i for i in mentions.all_named(a.addressees) if i != sources[n]),
            date=statement_date(parse, a),
            occasion=parse.document.text[slice(*a.occasion)] if a.occasion is not None else None,
            confidence=a.confidence,
        )
        for n, a in enumerate(attributions)
    ]


def statement_date(parse: Parse, attribution: Attribution) -> str | None:
    """The day on which something was said: as stated beside the cue ("said on Monday"), else that of publication."""
    for start, end in attribution.cue:
        for i in parse.tokens_in(start, end):
            if parse.tokens[i].pos not in {"VERB", "AUX"}:
                continue
            for j in parse.children[i]:
                child = parse.tokens[j]
                if child.dep == "npadvmod" or (child.dep == "prep" and child.lower in {"on", "in"}):
                    below = parse.subtree(j)
                    if any(parse.tokens[k].entity == "DATE" for k in below) and (found := resolve_date(parse, below)):
                        return found
    return parse.document.published

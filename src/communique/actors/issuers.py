"""Who issues a statement, by the words of its headline: "we" in it is their side."""

from collections.abc import Iterable

from communique.records import Span


def issuers_of(region: Span, mentions: Iterable[tuple[tuple[Span, ...], str]]) -> list[str]:
    """Ids of the actors that the words in `region` name, in order; of overlapping mentions the longest counts."""
    inside = [(spans[0][0], spans[-1][1], actor) for spans, actor in mentions if spans[0][0] < region[1]]
    named: list[tuple[Span, str]] = []
    for first, last, actor in sorted(inside, key=lambda m: m[0] - m[1]):  # the longest first
        if region[0] <= first and last <= region[1] and not any(a < last and first < b for (a, b), _ in named):
            named.append(((first, last), actor))
    return list(dict.fromkeys(actor for _, actor in sorted(named)))

"""Who issues a statement, as its headline says: "we" in it is that side, though nobody is quoted."""

import re
from collections.abc import Iterable

from communique.parsing import Parse
from communique.records import Span

_ISSUED = r"\b(?:statement|remarks|speech|address|declaration|communiqu[eé]|message|letter|press release|read-?out)s?\b"
_BY = re.compile(rf"{_ISSUED}(?=.*?\b(on behalf of)\b|.*?\b(by|of|from|between)\b)", re.IGNORECASE)
_BEFORE = re.compile(_ISSUED, re.IGNORECASE)
_TOPIC = re.compile(r"\s(?:on|at|after|following|regarding|concerning|about|to|for|in|with)\s|[:;]")


def headline_issuers(parse: Parse, mentions: Iterable[tuple[tuple[Span, ...], str]]) -> list[str]:
    """Ids of those who issue a document of the kind "statement", in order; none where its first line names nobody.

    "Statement by the High Representative on behalf of the European Union on …" is the Union's, "Joint Statement of
    Japan and Australia" both states', "G7 Foreign Ministers' Statement on …" that of those named before the word.
    """
    if parse.document.kind != "statement" or not parse.paragraphs:
        return []
    start, end = parse.paragraphs[0]
    headline = parse.document.text[start:end]
    found = _BY.search(headline)
    if found is not None:
        first = found.end(1) if found[1] else found.end(2)
        topic = _TOPIC.search(headline, first)
        region = start + first, start + topic.start() if topic else end
    elif (noun := _BEFORE.search(headline)) is not None:
        region = start, start + noun.start()
    else:
        return []
    inside = [(spans[0][0], spans[-1][1], actor) for spans, actor in mentions if spans[0][0] < region[1]]
    named: list[tuple[Span, str]] = []
    for first, last, actor in sorted(inside, key=lambda m: m[0] - m[1]):  # the longest first
        if region[0] <= first and last <= region[1] and not any(a < last and first < b for (a, b), _ in named):
            named.append(((first, last), actor))
    return list(dict.fromkeys(actor for _, actor in sorted(named)))

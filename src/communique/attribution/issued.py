"""Statements as their issuer puts them out: the headline names who speaks, every paragraph below is in their words."""

import re

from communique.attribution.attributions import Attribution
from communique.parsing import Parse
from communique.records import Span

_NOUN = r"\b(?P<noun>statement|remarks|speech|address|declaration|communiqu[eé]|message|letter)s?\b"
_BY = (
    re.compile(rf"{_NOUN}.*?\bon behalf of\b", re.IGNORECASE),
    re.compile(rf"{_NOUN}.*?\b(?:by|of|from|between)\b", re.IGNORECASE),
)
_BEFORE = re.compile(rf"(?:\b(?:joint|press|full|official|public|written|final)\s+)*{_NOUN}", re.IGNORECASE)
_TOPIC = re.compile(r"\s(?:on|at|after|following|regarding|concerning|about|to|for|in|with)\s|[:;,]|\s[-–—]\s")
_FINITE = frozenset({"VBZ", "VBD", "VBP", "MD"})


def issuer(parse: Parse) -> tuple[Span, Span] | None:
    """Where the headline of a document of the kind "statement" says who issues it, and the noun for what is issued.

    "Statement by the High Representative on behalf of the European Union on …" is the Union's, "Joint Statement of
    Japan and Australia" both states', "G7 Foreign Ministers' Statement on …" that of those named before the noun. A
    headline with a finite verb ("Remarks by X anger Y") is a report's.
    """
    if parse.document.kind != "statement" or len(parse.paragraphs) < 2:
        return None
    start, end = parse.paragraphs[0]
    if any(parse.tokens[i].tag in _FINITE for i in parse.tokens_in(start, end)):
        return None
    headline = parse.document.text[start:end]
    found = next((m for pattern in _BY if (m := pattern.search(headline))), None)
    if found is not None:
        topic = _TOPIC.search(headline, found.end())
        region = found.end(), topic.start() if topic else len(headline)
    else:
        found = _BEFORE.search(headline)
        if found is None:
            return None
        region = 0, found.start()
    words = headline[slice(*region)]
    first, last = region[0] + len(words) - len(words.lstrip()), region[1] - len(words) + len(words.rstrip())
    if first >= last:
        return None
    return (start + first, start + last), (start + found.start("noun"), start + found.end("noun"))


def issued_attributions(parse: Parse) -> list[Attribution]:
    """One attribution a paragraph below the headline: its issuer is the source, the noun in the headline the cue."""
    found = issuer(parse)
    if found is None:
        return []
    source, cue = found
    return [
        Attribution(source=(source,), cue=(cue,), content=(paragraph,), kind="direct", lemma="state")
        for paragraph in parse.paragraphs[1:]
        if any(parse.tokens[i].tag in _FINITE for i in parse.tokens_in(*paragraph))
    ]

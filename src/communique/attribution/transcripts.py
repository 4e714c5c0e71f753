"""Transcripts: "Name: text" gives the speaker of all that follows until the next name."""

import re

from communique.attribution.attributions import Attribution
from communique.parsing import Parse
from communique.records import Span

# A name, a role or a letter, as transcripts set them: "Mao Ning:", "MR. PRICE:", "QUESTION:", "Q:", "AFP (Paris):".
_WORD = r"(?:[A-Z(][\w.'’\-)]*|of|the|and|for|de|van|von|al|bin)"
_TURN = re.compile(rf"(?P<name>(?![(]){_WORD}(?:[ ,]+{_WORD}){{0,7}})\s*:\s+(?=\S)")
_QUESTION = frozenset({"q", "question", "reporter", "journalist", "media", "press"})
_FEWEST = 3


def turns(parse: Parse) -> list[tuple[Span, Span]]:
    """Speaker and speech of each turn, as character spans; empty where the document is no transcript.

    A document is a transcript where it says so itself (kind "transcript") or at least three paragraphs, and a third of
    all, open with a speaker's name.
    """
    text = parse.document.text
    heads = [_TURN.match(text, start, min(end, start + 90)) for start, end in parse.paragraphs]
    found = sum(h is not None for h in heads)
    named = found >= _FEWEST and found * 3 >= len(heads)
    if not (named or (parse.document.kind == "transcript" and found)):
        return []
    result: list[tuple[Span, Span]] = []
    for head, (_, end) in zip(heads, parse.paragraphs, strict=True):
        if head is not None and head.end() < end:
            result.append(((head.start("name"), head.end("name")), (head.end(), end)))
        elif result:
            (speaker, (start, _)) = result[-1]
            result[-1] = (speaker, (start, end))
    return result


def transcript_attributions(parse: Parse) -> list[Attribution]:
    """One attribution a turn: the name is its source; an answer responds to the question before it."""
    text = parse.document.text
    found: list[Attribution] = []
    asked: int | None = None
    for speaker, speech in turns(parse):
        question = text[slice(*speaker)].lower().rstrip(".") in _QUESTION or (
            text[slice(*speech)].rstrip().endswith("?") and asked is None
        )
        colon = text.index(":", speaker[1])
        spans = tuple(
            (max(start, speech[0]), min(end, speech[1]))
            for start, end in parse.paragraphs
            if start < speech[1] and end > speech[0]
        )
        found.append(
            Attribution(
                source=(speaker,),
                cue=((colon, colon + 1),),
                content=spans,
                kind="direct",
                lemma="ask" if question else "say",
                responds_to=None if question else asked,
            )
        )
        asked = len(found) - 1 if question else asked
    return found

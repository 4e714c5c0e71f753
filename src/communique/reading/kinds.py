"""Whether a text is a transcript, a statement or a report, by its form.

A transcript has speakers' turns ("Mao Ning: …", "Q: …"): at least three of its paragraphs, and a third of all, open
with one. A statement is issued by its author and says so: its headline names a communiqué, remarks, a readout or a
statement, or its text speaks in the first person from the start, without quotation marks. All else is a report.
"""

import re

from communique.records import DocumentKind

_FEWEST_TURNS = 3
_NAME = r"(?:[A-Z][\w.'’\-]*|\([A-Z][^()\n]{1,30}\)|of|the|and|for|de|van|von|al|bin)"
_TURN = re.compile(rf"(?:Q|A|Question|Answer|{_NAME}(?:[ ,]+{_NAME}){{0,7}})\s?[:：]\s*\S")
_ISSUED = re.compile(
    r"\b(?:joint (?:statement|communiqu[eé]|declaration)|communiqu[eé]|read-?out|press (?:release|statement)"
    r"|statement (?:by|of|from|on)|remarks (?:by|of|at|on)|address (?:by|to|at)|speech (?:by|at)"
    r"|declaration (?:by|of|on))\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|We|we|My|my|Our|our)\b")


def opens_turn(paragraph: str) -> bool:
    """Whether a paragraph opens with a speaker's name, "Q:" or "A:"."""
    return _TURN.match(paragraph[:120].lstrip()) is not None


def guess_kind(text: str, title: str | None = None) -> DocumentKind:
    """The kind of a document by its form; see the module's account."""
    paragraphs = [p for p in (line.strip() for line in text.split("\n")) if p]
    turns = sum(opens_turn(p) for p in paragraphs)
    if turns >= _FEWEST_TURNS and turns * 3 >= len(paragraphs):
        return "transcript"
    headline = title or (paragraphs[0] if paragraphs and len(paragraphs[0]) <= 200 else "")
    quoted = any(mark in text for mark in '"“”«»')
    if not quoted and (_ISSUED.search(headline) or len(_FIRST_PERSON.findall(text[:600])) >= _FEWEST_TURNS):
        return "statement"
    return "report"

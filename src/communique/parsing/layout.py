"""How a text is laid out: paragraphs, hard-wrapped lines, datelines and quotation marks, before any grammar."""

import re
from itertools import pairwise

from communique.parsing.parse import Quote
from communique.records import Span

# One character for one, so that offsets hold: the parser was trained on straight marks and single blanks.
PLAIN = str.maketrans(
    {**dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("\t\n\r\v\f\xa0", " ")}
)
LONGEST_PARAGRAPH = 20_000

_BLANK = re.compile(r"\n[^\S\n]*\n")
_SENTENCE_END = re.compile(r"""[.?!:;…]["'”’)\]]*\s*$""")
_DATELINE = re.compile(
    r"""(?P<place>[A-Z][A-Z.'\- ]{2,}[A-Z.](?:,\ [A-Z][\w.]+)?|[A-Z][\w.'\-]+(?:\ [A-Z][\w.'\-]+){0,2})
        (?:\s*[,/]\s*(?:[A-Z][a-z]{2,8}\.?\ \d{1,2}|\d{1,2}\ [A-Z][a-z]{2,8}\.?)(?:,?\ \d{4})?)?
        (?:\s*[,/]\s*[A-Z][\w.\- ]{1,30})?
        (?:\s*[(\[][^()\[\]\n]{2,40}[)\]])?
        \s*(?:--|—|–|-(?=\s))\s*""",
    re.VERBOSE,
)


def hard_wrapped(text: str) -> bool:
    """True where line breaks are those of a fixed width and only blank lines part paragraphs."""
    broken = whole = 0
    for block in _BLANK.split(text):
        lines = block.strip("\n").split("\n")
        for line, following in pairwise(lines):
            if 50 <= len(line) <= 100 and following[:1].strip() and not _SENTENCE_END.search(line):
                broken += 1
            else:
                whole += 1
    return broken > whole


def paragraphs(text: str) -> list[Span]:
    """Character ranges of the paragraphs, without the white space around them; overlong ones are cut at a blank."""
    separator = re.compile(r"\n[^\S\n]*\n\s*") if hard_wrapped(text) else re.compile(r"\n\s*")
    found = []
    start = 0
    for match in [*separator.finditer(text), None]:
        end = match.start() if match else len(text)
        found.extend(_pieces(text, start, end))
        start = match.end() if match else end
    return found


def _pieces(text: str, start: int, end: int) -> list[Span]:
    found = []
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST_PARAGRAPH:
        cut = text.rfind(" ", start, start + LONGEST_PARAGRAPH)
        cut = cut if cut > start else start + LONGEST_PARAGRAPH
        found.append((start, cut))
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if end > start:
        found.append((start, end))
    return found


def dateline(text: str, paragraph: Span) -> Span | None:
    """The dateline that opens a paragraph ("BEIJING, Jan. 30 (Agency) --"), or None."""
    match = _DATELINE.match(text, paragraph[0], min(paragraph[1], paragraph[0] + 120))
    if match is None or match.end() >= paragraph[1]:
        return None
    head = match.group("place")
    plain = match.group(0).strip(" -—–")
    # "Mr. Smith - a lawyer - said" is none: a bare name needs capitals, a date or an agency to count.
    return (match.start(), match.end()) if head.isupper() or plain != head else None


def quotes(text: str, spans: list[Span]) -> list[Quote]:
    """Quotations by their marks, paragraph by paragraph, in order; a lone closing mark is ignored."""
    found: list[Quote] = []
    open_before = False
    for number, (start, end) in enumerate(spans):
        following = text[spans[number + 1][0]] if number + 1 < len(spans) else ""
        opened: int | None = None
        goes_on = False
        for i in range(start, end):
            char = text[i]
            if char in "“„«" or (char == '"' and opened is None):
                if opened is None and _opens(text, i, end):
                    opened, goes_on = i, open_before and i == start
            elif char in '”»"' and opened is not None:
                if i > opened + 1:
                    found.append(Quote(opened + 1, i, (opened, i + 1), goes_on))
                opened = None
        open_before = opened is not None and following in '"“„«' and following != ""
        if (opened is not None and open_before) or (opened is not None and opened <= start + 1):
            found.append(Quote(opened + 1, end, (opened, end), goes_on))
        found.extend(_single(text, start, end))
    found.sort(key=lambda q: (q.start, -q.end))
    kept: list[Quote] = []
    for quote in found:
        if quote.end > quote.start and (not kept or quote.start >= kept[-1].end):
            kept.append(quote)
    return kept


def _opens(text: str, i: int, end: int) -> bool:
    return i + 1 < end and not text[i + 1].isspace()


_SINGLE = re.compile(r"(?:(?<=\s)|(?<=^))['‘](?=\w)(.{8,}?[,.?!])['’](?=\s|$)")


def _single(text: str, start: int, end: int) -> list[Quote]:
    """British single marks: opened before a word, closed behind punctuation, so that no apostrophe counts."""
    if "'" not in text[start:end] and "‘" not in text[start:end]:
        return []
    return [
        Quote(start + m.start(1), start + m.end(1), (start + m.start(), start + m.end()))
        for m in _SINGLE.finditer(text[start:end])
    ]

"""Cut a tokenised document into windows that a fixed-length encoder can read.

Takes word pieces (character offsets), gives ranges of pieces. Used alike when the tagger is trained and when it runs.
"""

from dataclasses import dataclass

SENTENCE_END = frozenset('.!?"”’')


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces [start, end) are read together; predictions are kept for [keep_start, keep_end)."""

    start: int
    end: int
    keep_start: int
    keep_end: int


def paragraph_ranges(text: str, offsets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges of pieces between line breaks; together they hold every piece once."""
    ranges = []
    first = 0
    for i in range(1, len(offsets) + 1):
        if i == len(offsets) or "\n" in text[offsets[i - 1][1] : offsets[i][0]]:
            ranges.append((first, i))
            first = i
    return ranges


def windows(text: str, offsets: list[tuple[int, int]], limit: int) -> list[Window]:
    """Pack whole paragraphs into windows of at most `limit` pieces.

    A longer paragraph becomes several windows that overlap by about a third and meet at sentence ends where there are
    any; each piece is kept from the window in which it has more context on both sides.

    Args:
        text: the document.
        offsets: [start, end) characters of each word piece, in order.
        limit: most pieces a window may hold.
    """
    packed: list[Window] = []
    start = end = 0
    for a, b in paragraph_ranges(text, offsets):
        if b - start > limit and end > start:
            packed.append(Window(start, end, start, end))
            start = a
        if b - a > limit:
            packed.extend(_cut(text, offsets, a, b, limit))
            start = b
        end = b
    if end > start:
        packed.append(Window(start, end, start, end))
    return packed


def _cut(text: str, offsets: list[tuple[int, int]], a: int, b: int, limit: int) -> list[Window]:
    ends = [
        i + 1
        for i in range(a, b)
        if text[offsets[i][1] - 1] in SENTENCE_END and (i + 1 == b or offsets[i + 1][0] > offsets[i][1])
    ]

    def snap(low: int, high: int) -> int:
        inside = [e for e in ends if low < e <= high]
        return inside[-1] if inside else high

    cuts: list[tuple[int, int]] = []
    start = a
    while b - start > limit:
        stop = snap(start + limit // 2, start + limit)
        cuts.append((start, stop))
        start = snap(stop - limit // 2, stop - limit // 3)
    cuts.append((start, b))
    result = []
    keep = a
    for i, (s, e) in enumerate(cuts):
        keep_end = e if i + 1 == len(cuts) else snap(cuts[i + 1][0], (cuts[i + 1][0] + e) // 2)
        result.append(Window(s, e, keep, keep_end))
        keep = keep_end
    return result

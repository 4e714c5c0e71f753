"""The learned tagger: which words are source, cue and content, and which content and source belong to which cue.

A small transformer gives each word piece the scores of seven tags (BIO over the roles) and two pointers: content pieces
point at their cue and cues at their source by scaled dot product, as in pointer networks (Vinyals et al., 2015) and
biaffine parsing (Dozat and Manning, 2017). training/train_tagger.py makes the file; data/models/tagger.md describes it.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from communique.attribution.windows import Window, windows
from communique.models import open_model
from communique.parsing import Parse

Floats = NDArray[np.float32]
Scores = tuple[Floats, Floats, Floats]  # of one window: tags, content to cue, cue to source

LIMIT = 254  # word pieces a window
SOURCE, CUE, CONTENT = 0, 1, 2
# Added to the scores of the seven tags before the likeliest sequence is picked: the tagger is shy of sources and cues,
# and F1 wants recall and precision alike. Chosen on documents held out of training; see docs/attribution.md.
BIAS = np.array([0.0, 0.5, 0.5, 0.5, 0.5, 0.0, 0.0], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens [start, end) of one role with the mean probability of that role."""

    role: int
    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the tagger makes of tokens [start, end), n of them; rows and columns count from `start`.

    cue_probability: n; content_to_cue: n x n, the probability that a content token's cue begins at each token;
    cue_to_source: n x (n + 1), the probability that a cue's source begins at each token, or that it has none.
    """

    start: int
    end: int
    runs: list[Run]
    cue_probability: Floats
    content_to_cue: Floats
    cue_to_source: Floats


@dataclass(slots=True)
class Scored:
    """A text as the model sees it: the characters of its word pieces, its windows, and the scores of each window (by
    number, in any order), which are computed as they are asked for."""

    offsets: list[tuple[int, int]]
    windows: list[Window]
    scores: Iterable[tuple[int, Scores]]


def score(text: str, model: Path) -> Scored:
    """Run the tagger on a text; needs no parse, so that it can run beside the parser.

    Args:
        text: the document's.
        model: an ONNX file made by training/train_tagger.py, with tokenizer.json beside it.

    Raises:
        MissingPartError: the model's files are not there.
    """
    encode, run = _load(model)
    ids, offsets = encode(text)
    cut = windows(text, offsets, LIMIT)
    return Scored(offsets, cut, _scores(ids, cut, run))


def _scores(ids: list[int], cut: list[Window], run: Callable[[list[int]], Scores]) -> Iterator[tuple[int, Scores]]:
    # One window a run: on a processor that is faster than batches, which have to be padded to the longest, and a
    # window's scores do not depend on its neighbours (int8 activations are scaled over all that runs together).
    for n, window in enumerate(cut):
        yield n, run(ids[window.start : window.end])


def read(parse: Parse, scored: Scored) -> list[Reading]:
    """The tagger's reading of a parsed document, stretch by stretch in order.

    Args:
        parse: the document.
        scored: what `score` gave for its text.
    """
    if not parse.tokens:
        return []
    first_piece = _first_pieces(parse, scored.offsets)
    found = {n: _read(parse, scored.windows[n], first_piece, scores) for n, scores in scored.scores}
    return [reading for n in sorted(found) if (reading := found[n]) is not None]


@cache
def _load(model: Path) -> tuple[Callable[[str], Any], Callable[[list[int]], Scores]]:
    session, tokenizer = open_model(model)
    first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")

    def encode(text: str) -> tuple[list[int], list[tuple[int, int]]]:
        encoding = tokenizer.encode(text, add_special_tokens=False)
        return encoding.ids, encoding.offsets

    def run(sequence: list[int]) -> Scores:
        ids = np.array([[first, *sequence, last]], dtype=np.int64)
        tags, to_cue, to_source = session.run(None, {"input_ids": ids})
        return tags[0], to_cue[0], to_source[0]

    return encode, run


@cache
def calibration(model: Path) -> tuple[list[float], list[float]]:
    """Knots from raw confidence to the share of right attributions (training/calibrate.py); the identity if none."""
    table = model.with_suffix(".json")
    if not table.exists():
        return [0.0, 1.0], [0.0, 1.0]
    knots = json.loads(table.read_text(encoding="utf8"))
    return knots["raw"], knots["right"]


def _first_pieces(parse: Parse, offsets: list[tuple[int, int]]) -> NDArray[np.int64]:
    """For each token the number of the first piece that starts in it ("n't" of "didn't" begins inside a piece), else of
    the first that overlaps it; tokens without pieces share the next one's."""
    starts = np.array([s for s, _ in offsets], dtype=np.int64)
    ends = np.array([e for _, e in offsets], dtype=np.int64)
    token_starts = np.array([t.start for t in parse.tokens], dtype=np.int64)
    token_ends = np.array([t.end for t in parse.tokens], dtype=np.int64)
    overlapping = np.searchsorted(ends, token_starts, side="right")
    inside = np.searchsorted(starts, token_starts, side="left")
    begins = (inside < len(starts)) & (np.append(starts, np.iinfo(np.int64).max)[inside] < token_ends)
    return np.where(begins, inside, overlapping)


def _read(parse: Parse, window: Window, first_piece: NDArray[np.int64], scores: Scores) -> Reading | None:
    low, high = np.searchsorted(first_piece, [window.keep_start, window.keep_end]).tolist()
    if low == high:
        return None
    tags, content_to_cue, cue_to_source = scores
    rows = first_piece[low:high] - window.start + 1  # row 0 is [CLS]
    logits = tags[rows]
    shared = np.flatnonzero(rows[1:] == rows[:-1]) + 1  # "can" and "not" of one piece: what begins goes on
    logits[np.ix_(shared, _INSIDE)] = np.maximum(logits[np.ix_(shared, _BEGIN)], logits[np.ix_(shared, _INSIDE)])
    logits[np.ix_(shared, _BEGIN)] = -1e4
    probabilities = _softmax(logits)
    return Reading(
        start=low,
        end=high,
        runs=_runs(logits + BIAS, probabilities, low, parse),
        cue_probability=probabilities[:, 3:5].sum(axis=1),
        content_to_cue=_softmax(content_to_cue[np.ix_(rows, rows)]),
        cue_to_source=_softmax(cue_to_source[np.ix_(rows, np.append(rows, 0))]),
    )


def _softmax(scores: Floats) -> Floats:
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return cast("Floats", scores / scores.sum(axis=1, keepdims=True))


def _runs(scores: Floats, probabilities: Floats, low: int, parse: Parse) -> list[Run]:
    """The likeliest sequence of tags in which every I follows its own role (Viterbi 1967), as runs of one role."""
    best = _viterbi(scores, [_break(parse, low + n) for n in range(len(scores))])
    roles = np.concatenate([probabilities[:, :1], probabilities[:, 1::2] + probabilities[:, 2::2]], axis=1)
    runs: list[Run] = []
    start = 0
    for n in range(1, len(best) + 1):
        if n == len(best) or best[n] == 0 or best[n] % 2 == 1:
            if best[start] and start < n:
                role = (best[start] + 1) // 2
                runs.append(Run(role - 1, low + start, low + n, float(roles[start:n, role].mean())))
            start = n
    return runs


_BEGIN, _INSIDE = np.array([1, 3, 5]), np.array([2, 4, 6])  # columns of the tags
# _ALLOWED[before, after]: 0 where `after` may follow `before`, else a great penalty.
_ALLOWED = np.full((7, 7), -1e4, dtype=np.float32)
_ALLOWED[:, [0, 1, 3, 5]] = 0
for _inside in (2, 4, 6):
    _ALLOWED[[_inside - 1, _inside], _inside] = 0
_ANEW = np.where(np.isin(np.arange(7), (2, 4, 6)), -1e4, 0).astype(np.float32)


def _viterbi(scores: Floats, breaks: list[bool]) -> list[int]:
    back = np.zeros(scores.shape, dtype=np.int64)
    total = scores[0] + _ANEW
    for n in range(1, len(scores)):
        steps = total[:, None] + (_ALLOWED + _ANEW if breaks[n] else _ALLOWED)
        back[n] = steps.argmax(axis=0)
        total = steps[back[n], np.arange(7)] + scores[n]
    path = [int(total.argmax())]
    for n in range(len(scores) - 1, 0, -1):
        path.append(int(back[n, path[-1]]))
    return path[::-1]


def _break(parse: Parse, i: int) -> bool:
    if i == 0:
        return True
    return "\n" in parse.document.text[parse.tokens[i - 1].end : parse.tokens[i].start]

"""Which content belongs to which cue, and which source: the tagger's pointers weighed with the grammar's reading."""

from dataclasses import dataclass

import numpy as np

from communique.attribution.clauses import Draft
from communique.attribution.tagger import CONTENT, CUE, SOURCE, Reading, Run
from communique.parsing import Parse

# How much a link that the grammar shows counts beside the logarithm of the pointer's probability, and from which
# probability on words that are no tagged cue are taken for one because contents point at them. Chosen on documents held
# out of training; see docs/attribution.md.
GRAMMAR_CONTENT = 4.0
GRAMMAR_SOURCE = 1.5
CUE_GOES_ON = 0.3
# What a link to another paragraph or sentence costs.
OTHER_PARAGRAPH = 2.0
OTHER_SENTENCE = 0.5
_LEAST = 0.02


@dataclass(frozen=True, slots=True)
class Linked:
    """One attribution as tokens; `draft` is the grammar's reading of the same cue, where it has one."""

    source: list[int]
    cue: list[int]
    content: list[int]
    confidence: float
    draft: Draft | None


@dataclass(frozen=True, slots=True)
class _Cue:
    start: int
    end: int
    probability: float
    draft: Draft | None


def link(parse: Parse, readings: list[Reading], drafts: list[Draft]) -> list[Linked]:
    """Attributions from the tagger's readings, decided with the grammar's drafts of the same document."""
    by_cue = {i: d for d in drafts for i in d.cue}
    return [a for reading in readings for a in _link(parse, reading, by_cue)]


def _apart(parse: Parse, i: int, j: int) -> float:
    """The cost of a link between tokens of different sentences or paragraphs."""
    first, last = sorted((i, j))
    if parse.tokens[first].sentence == parse.tokens[last].sentence:
        return 0.0
    between = parse.document.text[parse.tokens[first].end : parse.tokens[last].start]
    return OTHER_PARAGRAPH if "\n" in between else OTHER_SENTENCE


def _link(parse: Parse, reading: Reading, by_cue: dict[int, Draft]) -> list[Linked]:
    low = reading.start
    cues = _candidates(reading, by_cue)
    sources = [r for r in reading.runs if r.role == SOURCE]
    parts: dict[_Cue, list[tuple[Run, float]]] = {}
    for run in reading.runs:
        if run.role != CONTENT:
            continue
        share = reading.content_to_cue[run.start - low : run.end - low].mean(axis=0)
        best = max(cues, key=lambda c: _content_score(parse, run, c, share, low), default=None)
        anchor = int(share.argmax()) + low
        found = best is not None and best.draft is not None and _overlap(run, best.draft.content) >= 0.5
        if (
            not found
            and _free(reading, cues, anchor)
            and share[anchor - low] > (share[best.start - low] if best else 0)
        ):
            best = _cue_at(reading, cues, anchor, by_cue)
            cues.append(best)
        if best is not None:
            parts.setdefault(best, []).append((run, float(share[best.start - low])))
    return [
        _linked(parse, reading, cue, [p for p in own if not _strays(parse, p[0], cue)] or own, sources)
        for cue, own in sorted(parts.items(), key=lambda item: item[0].start)
    ]


def _strays(parse: Parse, run: Run, cue: _Cue) -> bool:
    """Words of another paragraph belong to a cue with words in its own only as a quotation: a headline does not."""
    if _apart(parse, run.start, cue.start) < OTHER_PARAGRAPH:
        return False
    start, end = parse.tokens[run.start].start, parse.tokens[run.end - 1].end
    return not any(q.outer[0] < end and q.outer[1] > start for q in parse.quotes)


def _candidates(reading: Reading, by_cue: dict[int, Draft]) -> list[_Cue]:
    """Tagged cues, and the grammar's cues that the tagger took for nothing at all."""
    cues = []
    taken: set[int] = set()
    for run in reading.runs:
        taken.update(range(run.start, run.end))
        if run.role == CUE:
            draft = next((by_cue[i] for i in reversed(range(run.start, run.end)) if i in by_cue), None)
            cues.append(_Cue(run.start, run.end, run.probability, draft))
    seen = {id(c.draft) for c in cues}
    for i in range(reading.start, reading.end):
        draft = by_cue.get(i)
        if draft is None or id(draft) in seen:
            continue
        seen.add(id(draft))
        if taken.isdisjoint(draft.cue) and draft.cue[-1] < reading.end and draft.cue[0] >= reading.start:
            probability = float(reading.cue_probability[[j - reading.start for j in draft.cue]].max())
            cues.append(_Cue(draft.cue[0], draft.cue[-1] + 1, probability, draft))
    return cues


def _content_score(parse: Parse, run: Run, cue: _Cue, share: np.ndarray, low: int) -> float:
    shown = _overlap(run, cue.draft.content) if cue.draft is not None else 0.0
    return (
        float(np.log(share[cue.start - low : cue.end - low].max() + _LEAST))
        + GRAMMAR_CONTENT * shown
        - _apart(parse, run.start, cue.start)
    )


def _overlap(run: Run, tokens: list[int]) -> float:
    """Jaccard overlap of a run and some tokens."""
    shared = sum(run.start <= i < run.end for i in tokens)
    return shared / (len(tokens) + run.end - run.start - shared)


def _free(reading: Reading, cues: list[_Cue], anchor: int) -> bool:
    return not any(r.start <= anchor < r.end for r in reading.runs) and not any(c.start <= anchor < c.end for c in cues)


def _cue_at(reading: Reading, cues: list[_Cue], anchor: int, by_cue: dict[int, Draft]) -> _Cue:
    end = anchor + 1
    while (
        end < reading.end and _free(reading, cues, end) and reading.cue_probability[end - reading.start] > CUE_GOES_ON
    ):
        end += 1
    return _Cue(anchor, end, float(reading.cue_probability[anchor - reading.start]), by_cue.get(anchor))


def _linked(parse: Parse, reading: Reading, cue: _Cue, parts: list[tuple[Run, float]], sources: list[Run]) -> Linked:
    low = reading.start
    share = reading.cue_to_source[cue.start - low]
    shown = set(cue.draft.source) if cue.draft is not None else set()
    options: list[tuple[float, float, list[int]]] = []
    for run in sources:
        tokens = list(range(run.start, run.end))
        at = float(share[run.start - low])
        score = float(np.log(at + _LEAST)) + GRAMMAR_SOURCE * (not shown.isdisjoint(tokens))
        options.append((score - _apart(parse, run.start, cue.start), run.probability, tokens))
    options.append((float(np.log(share[-1] + _LEAST)) + GRAMMAR_SOURCE * (not shown), float(share[-1]), []))
    tagged = {i for run in sources for i in range(run.start, run.end)}
    if shown and shown.isdisjoint(tagged) and min(shown) >= low and max(shown) < reading.end:
        at = float(share[min(shown) - low : max(shown) - low + 1].max())
        options.append((np.log(at + _LEAST) + GRAMMAR_SOURCE, at, sorted(shown)))
    total = sum(np.exp(o[0]) for o in options)
    score, probability, source = max(options, key=lambda o: o[0])
    confidence = max(cue.probability, 0.05) * float(np.exp(score) / total) * (probability if source else 1.0)
    confidence *= float(np.mean([run.probability * p for run, p in parts]))
    own = {*range(cue.start, cue.end), *source}
    return Linked(
        source=source,
        cue=list(range(cue.start, cue.end)),
        content=[i for run, _ in parts for i in range(run.start, run.end) if i not in own],
        confidence=min(1.0, confidence),
        draft=cue.draft,
    )

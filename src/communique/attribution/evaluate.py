"""Scores of the attribution room against annotated documents, with the definitions of the PolNeAR evaluation.

A word counts once a role; an attribution is right when its content shares at least half of the union of words with a
gold content and its source shares a word with that gold's source, or both have none; best overlap is matched first,
one to one. The gold is flat: cues and sources inside a predicted content, and attributions nested in another's content,
are not held against the coder.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from communique.attribution.attributions import Attribution
from communique.attribution.clauses import entry
from communique.attribution.details import statement_kind
from communique.attribution.lexicon import load_lexicon
from communique.errors import InputError
from communique.parsing import Parse
from communique.records import Span
from communique.scores import Score

ROLES = ("source", "cue", "content")
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Words:
    """The words of one attribution, by number, a set for each role."""

    source: set[int]
    cue: set[int]
    content: set[int]


@dataclass(slots=True)
class Evaluation:
    """scores: by role and "relation"; breakdown: recall of gold relations by kind, distance and cue; reliability: for
    ten bands of confidence the share of right attributions and their number; documents: relation score of each."""

    scores: dict[str, Score]
    breakdown: dict[str, dict[str, Score]]
    reliability: list[tuple[float, float, int]]
    documents: dict[str, Score] = field(default_factory=dict)


def read_gold(path: Path) -> list[dict[str, Any]]:
    """Annotated documents of a JSONL file: {"id", "text", "attributions": [{"source", "cue", "content"}]}, each role a
    list of [start, end) characters.

    Raises:
        InputError: the file cannot be read, or a line is not such a document.
    """
    try:
        lines = path.read_text(encoding="utf8").splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    documents = []
    for number, line in enumerate(lines, 1):
        try:
            document = json.loads(line)
            for a in document["attributions"]:
                for role in ROLES:
                    a[role] = [(int(s), int(e)) for s, e in a.get(role) or []]
            documents.append({"id": document["id"], "text": document["text"], "attributions": document["attributions"]})
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}, line {number}: not an annotated document ({error!r})") from error
    return documents


def evaluate(
    gold: Iterable[dict[str, Any]], code: Callable[[dict[str, Any]], tuple[Parse, list[Attribution]]]
) -> Evaluation:
    """Score `code`, a function from an annotated document to its parse and attributions, on `gold`."""
    counts = {role: [0, 0, 0] for role in (*ROLES, "relation")}
    parts: dict[str, dict[str, list[int]]] = {"kind": {}, "distance": {}, "cue": {}}
    bands: list[list[int]] = [[0, 0] for _ in range(10)]
    result = Evaluation({}, {}, [])
    for document in gold:
        parse, found = code(document)
        words = [(m.start(), m.end()) for m in _WORD.finditer(document["text"])]
        theirs = [_words(a["source"], a["cue"], a["content"], words) for a in document["attributions"]]
        ours = [_words(a.source, a.cue, a.content, words) for a in found]
        _count_roles(counts, theirs, ours)
        outer = [n for n, y in enumerate(ours) if y.content and not _is_nested(y, ours)]
        asked = [n for n, x in enumerate(theirs) if x.content]
        pairs = match([theirs[n] for n in asked], [ours[n] for n in outer])
        for at, n in enumerate(outer):
            band = min(9, int(found[n].confidence * 10))
            bands[band][0] += at in pairs.values()
            bands[band][1] += 1
        for at, n in enumerate(asked):
            for name, trait in _traits(parse, document["attributions"][n]).items():
                cell = parts[name].setdefault(trait, [0, 0])
                cell[0] += at in pairs
                cell[1] += 1
        for i, value in enumerate((len(pairs), len(outer), len(asked))):
            counts["relation"][i] += value
        result.documents[document["id"]] = Score(len(pairs), len(outer), len(asked))
    result.scores = {role: Score(*c) for role, c in counts.items()}
    result.breakdown = {name: {v: Score(c[0], c[0], c[1]) for v, c in sorted(p.items())} for name, p in parts.items()}
    result.reliability = [(n / 10 + 0.05, b[0] / b[1], b[1]) for n, b in enumerate(bands) if b[1]]
    return result


def judged(document: dict[str, Any], found: list[Attribution]) -> list[tuple[float, bool]]:
    """Confidence of each attribution that is not nested in another, and whether it is right."""
    words = [(m.start(), m.end()) for m in _WORD.finditer(document["text"])]
    theirs = [_words(a["source"], a["cue"], a["content"], words) for a in document["attributions"] if a["content"]]
    ours = [_words(a.source, a.cue, a.content, words) for a in found]
    outer = [n for n, y in enumerate(ours) if y.content and not _is_nested(y, ours)]
    hits = set(match(theirs, [ours[n] for n in outer]).values())
    return [(found[n].confidence, at in hits) for at, n in enumerate(outer)]


def match(theirs: list[Words], ours: list[Words]) -> dict[int, int]:
    """Gold to predicted, one to one, best overlap of contents first."""
    pairs = []
    for i, x in enumerate(theirs):
        for j, y in enumerate(ours):
            shared = len(x.content & y.content)
            if shared * 2 >= len(x.content | y.content) and (x.source & y.source or not (x.source or y.source)):
                pairs.append((shared / len(x.content | y.content), i, j))
    found: dict[int, int] = {}
    for _, i, j in sorted(pairs, reverse=True):
        if i not in found and j not in found.values():
            found[i] = j
    return found


def _words(source: Iterable[Span], cue: Iterable[Span], content: Iterable[Span], words: list[Span]) -> Words:
    def under(spans: Iterable[Span]) -> set[int]:
        spans = list(spans)
        return {n for n, (s, e) in enumerate(words) if any(s < b and a < e for a, b in spans)} if spans else set()

    return Words(under(source), under(cue), under(content))


def _count_roles(counts: dict[str, list[int]], theirs: list[Words], ours: list[Words]) -> None:
    inner = set().union(*(y.content for y in ours))
    for role in ROLES:
        a: set[int] = set().union(*(getattr(x, role) for x in theirs))
        b: set[int] = set().union(*(getattr(y, role) for y in ours))
        if role != "content":
            b -= inner - a
        for i, value in enumerate((len(a & b), len(b), len(a))):
            counts[role][i] += value


def _is_nested(y: Words, ours: list[Words]) -> bool:
    return any(x is not y and (y.content | y.source) <= x.content for x in ours)


def _traits(parse: Parse, gold: dict[str, Any]) -> dict[str, str]:
    """Kind of the gold statement, distance between its source and content, and whether the lexicon has its cue."""
    content = [i for s, e in gold["content"] for i in parse.tokens_in(s, e)]
    cue = [i for s, e in gold["cue"] for i in parse.tokens_in(s, e)]
    lexicon = load_lexicon()
    known = any(entry(parse, parse.tokens[i], lexicon) for i in cue if parse.tokens[i].pos in {"VERB", "AUX"})
    known = known or parse.text(cue).lower() in {" ".join(w) for w in lexicon.by_preposition}
    if not gold["source"]:
        distance = "no source"
    else:
        near = min(max(c[0] - s[1], s[0] - c[1], 0) for s in gold["source"] for c in gold["content"])
        distance = "0-30 characters" if near <= 30 else "31-100 characters" if near <= 100 else "over 100 characters"
    return {
        "kind": statement_kind(parse, content) if content else "indirect",
        "distance": distance,
        "cue": "in the lexicon" if known else "not in the lexicon",
    }

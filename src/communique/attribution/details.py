"""What a reader sees around an attribution: its kind, occasion, what it answers, and which statement holds which."""

from dataclasses import replace

from communique.attribution.attributions import Attribution
from communique.attribution.lexicon import Lexicon
from communique.parsing import Parse
from communique.records import Span, StatementKind


def statement_kind(parse: Parse, content: list[int]) -> StatementKind:
    """direct: every word but a leading "that" is between quotation marks; mixed: two or more are; indirect: else."""
    start, end = parse.tokens[content[0]].start, parse.tokens[content[-1]].end
    near = [q for q in parse.quotes if q.start < end and q.end > start]
    words = [i for i in content if parse.tokens[i].pos != "PUNCT" and parse.tokens[i].lower != "that"]
    quoted = sum(any(q.start <= parse.tokens[i].start < q.end for q in near) for i in words)
    if quoted and quoted == len(words):
        return "direct"
    return "mixed" if quoted >= 2 else "indirect"


def occasion(parse: Parse, head: int, lexicon: Lexicon) -> Span | None:
    """ "at a regular press briefing", "in a statement", "on Twitter": a prepositional phrase on the cue."""
    for j in parse.children[head]:
        token = parse.tokens[j]
        if token.dep != "prep" or token.lower not in lexicon.occasion_prepositions:
            continue
        for k in parse.children[j]:
            if parse.tokens[k].dep == "pobj" and parse.tokens[k].lemma.lower() in lexicon.occasions:
                below = [
                    i
                    for i in parse.subtree(j)
                    if not any(parse.tokens[a].dep in {"relcl", "advcl"} for a in [i, *_up_to(parse, i, j)])
                ]
                run = [i for n, i in enumerate(below) if i == below[0] + n]
                return parse.tokens[run[0]].start, parse.tokens[run[-1]].end
    return None


def _up_to(parse: Parse, i: int, top: int) -> list[int]:
    found = []
    for a in parse.ancestors(i):
        if a == top:
            break
        found.append(a)
    return found


def response(parse: Parse, head: int, lexicon: Lexicon) -> Span | None:
    """What the statement answers: "Commenting on the spokesperson's remarks, X said …", "in response to a question"."""
    token = parse.tokens[head]
    first, end = parse.sentences[token.sentence]
    for i in range(first, end):
        for words in lexicon.response_openers:
            if parse.tokens[i].lower == words[0] and tuple(t.lower for t in parse.tokens[i : i + len(words)]) == words:
                start = i + len(words)
                stop = next((k for k in range(start, end) if parse.tokens[k].text in {",", '"', "“"} or k == head), end)
                if stop > start:
                    return parse.tokens[start].start, parse.tokens[stop - 1].end
                return parse.tokens[i].start, parse.tokens[start - 1].end
    if token.lemma.lower() in lexicon.response_verbs:
        for j in parse.children[head]:
            if parse.tokens[j].dep == "dobj" and parse.tokens[j].lemma.lower() in lexicon.speech_nouns:
                below = parse.subtree(j)
                return parse.tokens[below[0]].start, parse.tokens[below[-1]].end
    return None


def nest(found: list[Attribution]) -> list[Attribution]:
    """Set each attribution's parent: the smallest other one whose content holds its cue and content."""
    sizes = [sum(e - s for s, e in a.content) for a in found]
    parents: dict[int, int | None] = {}
    open_ones: list[int] = []  # those whose content is not over yet
    coming = sorted(range(len(found)), key=lambda n: found[n].content[0][0])
    at = 0
    for n in sorted(range(len(found)), key=lambda n: _first(found[n])):
        first = _first(found[n])
        while at < len(coming) and found[coming[at]].content[0][0] <= first:
            open_ones.append(coming[at])
            at += 1
        open_ones = [m for m in open_ones if found[m].content[-1][1] > first]
        holders = [
            m
            for m in open_ones
            if sizes[m] > sizes[n]
            and all(_inside(span, found[m].content) for span in (*found[n].cue, *found[n].content))
        ]
        parents[n] = min(holders, key=lambda m: (sizes[m], m), default=None)
    return [replace(a, parent=parents[n]) for n, a in enumerate(found)]


def _first(a: Attribution) -> int:
    return min(start for start, _ in (*a.cue, *a.content))


def _inside(span: Span, spans: tuple[Span, ...]) -> bool:
    return any(s <= span[0] and span[1] <= e for s, e in spans)


def link_responses(parse: Parse, found: list[Attribution], lexicon: Lexicon) -> list[Attribution]:
    """Set `responds_to`: the nearest earlier statement of the one whose words are answered.

    "the spokesperson's remarks" answers the last statement whose source is a spokesperson; "the accusation" without an
    owner answers the last statement of another source. A question nobody put in this text is answered by no link.
    """
    result = list(found)
    for n, a in enumerate(found):
        if a.response is None or a.responds_to is not None:
            continue
        tokens = parse.tokens_in(*a.response)
        noun = next((i for i in tokens if parse.tokens[i].lemma.lower() in lexicon.speech_nouns), None)
        if noun is None:
            continue
        owner = next((i for i in parse.children[noun] if parse.tokens[i].dep in {"poss", "compound", "nmod"}), None)
        if owner is None:  # "remarks by X", "the statement from X"
            owner = next(
                (
                    k
                    for j in parse.children[noun]
                    if parse.tokens[j].lower in {"by", "from", "of"}
                    for k in parse.children[j]
                ),
                None,
            )
        word = parse.tokens[owner].lower if owner is not None and parse.tokens[owner].pos != "PRON" else None
        earlier = [m for m, b in enumerate(found) if b.content[0][0] < a.content[0][0] and b.parent is None and m != n]
        earlier = [m for m in earlier if max(e for _, e in found[m].content) <= a.response[0]]
        earlier.sort(key=lambda m: found[m].content[0][0], reverse=True)
        own = _source_words(parse, a)
        for m in earlier:
            words = _source_words(parse, found[m])
            if (word in words) if word is not None else bool(words) and words != own:
                result[n] = replace(a, responds_to=m)
                break
    return result


def _source_words(parse: Parse, a: Attribution) -> set[str]:
    return {parse.tokens[i].lower for span in a.source for i in parse.tokens_in(*span)}

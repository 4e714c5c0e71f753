"""Quotation marks: what is quoted belongs whole to one statement, also over sentences and paragraphs."""

from communique.attribution.clauses import Draft
from communique.parsing import Parse, Quote

SHORTEST = 3  # words; shorter quotations without a cue of their own are names, titles and scare quotes


def attach_quotations(parse: Parse, drafts: list[Draft]) -> list[Draft]:
    """Give each quotation to the draft it belongs to, extending its content; drafts without content are dropped."""
    inside = [_around(parse, d) for d in drafts]
    last: Draft | None = None
    previous: Quote | None = None
    for quote in parse.quotes:
        tokens = parse.tokens_in(*quote.outer)
        if not tokens:
            continue
        owner = _owner(parse, quote, tokens, drafts, inside)
        if owner is None and last is not None and previous is not None and _goes_on(parse, previous, quote):
            owner = last
        if owner is not None:
            owner.content = sorted({*owner.content, *tokens} - {*owner.cue, *owner.source})
            last, previous = owner, quote
    for draft, around in zip(drafts, inside, strict=True):
        if around is not None:  # what is said within a quotation ends with it
            within = set(parse.tokens_in(around.start, around.end))
            draft.content = [i for i in draft.content if i in within]
    return [d for d in drafts if d.content]


def with_marks(parse: Parse, content: list[int]) -> list[int]:
    """The content with both marks of a quotation that it holds whole, and without those of one it has no word of."""
    found = set(content)
    start, end = parse.tokens[content[0]].start, parse.tokens[content[-1]].end
    for quote in parse.quotes:
        if quote.outer[0] < end and quote.outer[1] > start:
            inner = {i for i in parse.tokens_in(quote.start, quote.end) if parse.tokens[i].pos != "PUNCT"}
            if inner and inner <= found:
                found.update(parse.tokens_in(*quote.outer))
            elif not inner & found:
                found.difference_update(parse.tokens_in(*quote.outer))
    return sorted(found) or content


def _around(parse: Parse, draft: Draft) -> Quote | None:
    start = parse.tokens[draft.head].start
    return next((q for q in parse.quotes if q.start <= start < q.end), None)


def _owner(parse: Parse, quote: Quote, tokens: range, drafts: list[Draft], inside: list[Quote | None]) -> Draft | None:
    """The draft, itself outside the quotation, whose content the quotation overlaps or whose cue stands next to it."""
    sentences = {parse.tokens[tokens[0]].sentence, parse.tokens[tokens[-1]].sentence}
    words = sum(parse.tokens[i].pos != "PUNCT" for i in tokens)
    best: tuple[int, int, Draft] | None = None
    for draft, around in zip(drafts, inside, strict=True):
        if around is quote:
            continue
        overlap = sum(i in tokens for i in draft.content)
        cue = parse.tokens[draft.head]
        near = cue.sentence in sentences or _introduces(parse, draft, tokens[0])
        if not overlap and (not near or words < SHORTEST or not draft.source or _says_other(draft, tokens, drafts)):
            continue
        distance = min(abs(draft.head - tokens[0]), abs(draft.head - tokens[-1]))
        if best is None or (-overlap, distance) < best[:2]:
            best = (-overlap, distance, draft)
    return best[2] if best else None


def _says_other(draft: Draft, tokens: range, drafts: list[Draft]) -> bool:
    """True where the draft has its content already and another cue stands between that and the quotation."""
    if not draft.content:
        return False
    between = range(min(draft.content[-1], tokens[-1]) + 1, max(draft.content[0], tokens[0]))
    return any(d is not draft and d.head in between for d in drafts) or draft.content[-1] > draft.head < tokens[0] - 2


def _introduces(parse: Parse, draft: Draft, first: int) -> bool:
    """ "The minister continued:" right before the quotation."""
    before = parse.tokens[first - 1] if first else None
    return before is not None and before.text == ":" and before.sentence == parse.tokens[draft.head].sentence


def _goes_on(parse: Parse, before: Quote, quote: Quote) -> bool:
    """Whether a quotation without a cue continues the last one: in the same paragraph, at a sentence's start."""
    if quote.continues:
        return True
    if "\n" in parse.document.text[before.outer[1] : quote.outer[0]]:
        return False
    first = parse.tokens_in(*quote.outer)[0]
    token = parse.tokens[first]
    between = token.sentence - parse.tokens[parse.tokens_in(*before.outer)[-1]].sentence
    return parse.sentences[token.sentence][0] == first and between == 1

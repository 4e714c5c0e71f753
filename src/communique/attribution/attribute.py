"""Parse -> Attributions: the tagger says what is attributed, the grammar adds what lies inside and around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from communique.attribution.attributions import Attribution
from communique.attribution.clauses import Draft, clause_drafts, entry
from communique.attribution.details import link_responses, nest, occasion, response, statement_kind
from communique.attribution.issued import issued_attributions
from communique.attribution.lexicon import Lexicon, load_lexicon
from communique.attribution.linking import Linked, link
from communique.attribution.quotations import attach_quotations, with_marks
from communique.attribution.tagger import Scored, calibration, read, score
from communique.attribution.transcripts import transcript_attributions
from communique.parsing import Parse
from communique.records import Span
from communique.settings import Settings

# Confidence of what only the grammar shows: nested statements, and all statements where no tagger is used.
BY_RULE = 0.6


def attribute(parse: Parse, model: Path | None = Settings.tagger, scored: Scored | None = None) -> list[Attribution]:
    """Who said what: one Attribution a statement, in order of the text, nested ones included.

    Args:
        parse: the document.
        model: the tagger's ONNX file; None leaves all to the rules on the grammar.
        scored: what the tagger's `score` gave for the document's text, where that has been run already.

    Raises:
        MissingPartError: the tagger's file is missing.
    """
    lexicon = load_lexicon()
    by_rule = attach_quotations(parse, clause_drafts(parse, lexicon))
    if model is not None:
        readings = read(parse, scored or score(parse.document.text, model))
        found = _together(parse, link(parse, readings, by_rule), by_rule, lexicon)
        raw, right = calibration(model)
        for one in found:
            if one.learned:
                one.confidence = float(np.interp(one.confidence, raw, right))
    else:
        found = [_Found(d, BY_RULE) for d in by_rule]
    turns = transcript_attributions(parse)
    speakers = {span for turn in turns for span in turn.source}
    attributions = [_finish(parse, s, lexicon) for s in found if not _is_turn(parse, s.draft, speakers)]
    attributions.extend(turns or issued_attributions(parse))
    attributions.sort(key=lambda a: (a.content[0][0], a.cue))
    return link_responses(parse, nest(attributions), lexicon)


def _is_turn(parse: Parse, draft: Draft, speakers: set[Span]) -> bool:
    """Whether the source is the name at the head of a transcript's turn, which is a statement already."""
    starts = {parse.tokens[i].start for i in draft.source}
    return any(start <= s < end for start, end in speakers for s in starts)


@dataclass(slots=True)
class _Found:
    draft: Draft
    confidence: float
    learned: bool = False


def _together(parse: Parse, linked: list[Linked], by_rule: list[Draft], lexicon: Lexicon) -> list[_Found]:
    """The tagger's attributions with what the grammar knows of their cues, and the grammar's nested in them."""
    found = [_Found(_draft(parse, a, lexicon), a.confidence, learned=True) for a in linked if a.content]
    for one in found:
        one.draft.content = with_marks(parse, _behind_dateline(parse, one.draft.content))
    used = {id(a.draft) for a in linked}
    taken = {i for a in linked for i in (*a.cue, *a.source)}
    inside = [set(a.content) for a in linked]
    for d in by_rule:
        if d.source and id(d) not in used and taken.isdisjoint(d.cue) and _nested(d, inside) and _said(parse, d):
            found.append(_Found(d, BY_RULE))
    return found


def _said(parse: Parse, draft: Draft) -> bool:
    """Whether something is said at all: not in "declined to say whether", nor where all of it is "which"."""
    head = parse.tokens[draft.head]
    unreal = head.dep == "xcomp" and any(parse.tokens[i].tag == "TO" for i in parse.children[draft.head])
    return not unreal and any(parse.tokens[i].tag not in {"WDT", "WP"} for i in draft.content)


def _behind_dateline(parse: Parse, tokens: list[int]) -> list[int]:
    """The tokens without those of "LONDON, Jan. 28 --", which nobody said; all of them where no others are left."""
    if parse.dateline is None:
        return tokens
    start, end = parse.dateline
    return [i for i in tokens if not start <= parse.tokens[i].start < end] or tokens


def _nested(draft: Draft, contents: Iterable[set[int]]) -> bool:
    return any(c.issuperset(draft.cue) and c.issuperset(draft.content) for c in contents)


def _draft(parse: Parse, t: Linked, lexicon: Lexicon) -> Draft:
    by_rule = t.draft
    if by_rule is not None:
        head, lemma, negated, addressee = by_rule.head, by_rule.lemma, by_rule.negated, by_rule.addressee
    else:
        verbs = [i for i in t.cue if parse.tokens[i].pos in {"VERB", "AUX"}]
        head = verbs[-1] if verbs else t.cue[-1]
        known = entry(parse, parse.tokens[head], lexicon)
        lemma = known[0] if known else parse.tokens[head].lemma.lower()
        negated = any(parse.tokens[i].dep == "neg" for i in t.cue)
        addressee = []
    return Draft(head, lemma, t.source, t.cue, t.content, addressee, negated)


def _finish(parse: Parse, found: _Found, lexicon: Lexicon) -> Attribution:
    draft = found.draft
    return Attribution(
        source=parse.spans(draft.source),
        cue=parse.spans(draft.cue),
        content=parse.spans(draft.content),
        kind=statement_kind(parse, draft.content),
        lemma=draft.lemma,
        negated=draft.negated,
        addressees=parse.spans(draft.addressee),
        occasion=occasion(parse, draft.head, lexicon),
        response=response(parse, draft.head, lexicon),
        confidence=round(found.confidence, 4),
    )

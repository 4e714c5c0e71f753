"""Positions: where a side stands on an issue, towards whom, in which words and under which condition.

Every predicate of the text is asked, outermost first, whether it puts a position (coding/stance_rules.py); what lies in
the scope of one that does is not asked again, so that "opposes words that add fuel to the fire" is one position. A
spokesperson speaks for the state: the actor of a position is the side that an actor belongs to.
"""

from collections import Counter
from typing import cast

from communique.actors.resolution import Resolution
from communique.coding.issue_codebook import IssueBook
from communique.coding.issues import IssueReading, read_issues
from communique.coding.position_encoder import Reading, read_sentence
from communique.coding.position_weighing import Draft, weigh, weigh_issues
from communique.coding.sides import Sides
from communique.coding.stance_clauses import Clause
from communique.coding.stance_lexicon import StanceLexicon, load_stances
from communique.coding.stance_rules import LAST, stances_of
from communique.coding.stances import Stance
from communique.coding.verbless import with_verbs
from communique.parsing.parse import Parse
from communique.records import Position, PositionKind, Span, derived_id

_NO_CLAUSE = frozenset({"aux", "auxpass", "amod", "compound", "neg", "punct", "advmod", "prt"})
_HYPOTHETICAL = frozenset({"if", "unless", "until", "once", "whether"})
_BARE_HEADS = frozenset({"ADJ"})


def code_positions(
    parse: Parse, resolution: Resolution, issues: IssueBook | None = None, lexicon: StanceLexicon | None = None
) -> list[Position]:
    """Positions of a document, in order of the text.

    Args:
        parse: the parsed document.
        resolution: its actors and statements.
        issues: the issue codebook; without one the package's own.
        lexicon: the words of stance; without one the package's own.
    """
    lexicon = lexicon or load_stances()
    words = lexicon.words
    parse = with_verbs(parse, lexicon)
    sides = Sides(parse, resolution, words["inclusive_nouns"], words["topic_nouns"], words["roles"], words["done_to"])
    sources = [
        span
        for s in resolution.statements
        if s.source.actor is not None and not (sides.source(s) or "").startswith("group/")
        for span in s.source.spans
    ]
    reading = read_issues(parse, issues, named=sides.of_sentence, sources=sources)
    drafts: list[Draft] = []
    read: dict[int, Reading] = {}
    for number, (first, end) in enumerate(parse.sentences):
        if parse.tokens[end - 1].text == "?" or (end - first > 1 and parse.tokens[end - 2].text == "?"):
            continue  # a question takes no position
        found = _by_rules(parse, sides, lexicon, (first, end))
        if (found or sides.spoken(range(first, end))) and (
            scores := read_sentence(parse.text(range(first, end)))
        ) is not None:
            read[number] = scores
            found = weigh(found, scores, number, sides, lexicon)
        drafts += found
    drafts = [d for d in drafts if not sides.nameless(d.stance.holder)]
    alone = Counter(parse.tokens[d.stance.clause.head].sentence for d in drafts)
    stated: dict[str, Position] = {}
    for draft in drafts:
        sentence = parse.tokens[draft.stance.clause.head].sentence
        position = _position(parse, draft, reading, read.get(sentence), alone=alone[sentence] == 1)
        stated[position.id] = position
    return sorted(stated.values(), key=lambda p: (p.spans, p.kind, p.actor or ""))


def _by_rules(parse: Parse, sides: Sides, lexicon: StanceLexicon, sentence: Span) -> list[Draft]:
    """Positions that the rules find in a sentence."""
    drafts: list[Draft] = []
    taken: set[int] = set()
    by_head: dict[tuple[int, str, str], Draft] = {}
    heads = [i for i in range(*sentence) if _may_state(parse, i)]
    for head in sorted(heads, key=lambda i: (sum(1 for _ in parse.ancestors(i)), i)):
        if head in taken or _hypothetical(parse, head):
            continue
        for stance in stances_of(Clause(parse, sides, lexicon, head)):
            taken.update(_scope(stance))
            before = by_head.get((parse.tokens[head].head, stance.kind, stance.holder))
            if before is not None and _continues(stance, before):
                before.add(stance, sides)
            else:
                before = Draft.of(stance, sides)
                drafts.append(before)
            by_head[head, stance.kind, stance.holder] = before
    for head in heads:
        for stance in stances_of(Clause(parse, sides, lexicon, head), LAST):
            if taken.isdisjoint(parse.subtree(head)) and not _hypothetical(parse, head):
                drafts.append(Draft.of(stance, sides))
    return drafts


def _continues(stance: Stance, before: Draft) -> bool:
    """Whether a coordinated verb goes on with the position of the verb before it: "have impacted and limited"."""
    clause, first = stance.clause, before.stance.clause
    same = (clause.statement, clause.cued) == (first.statement, first.cued)
    return same and clause.parse.tokens[clause.head].dep == "conj" and not clause.has_subject


def _may_state(parse: Parse, i: int) -> bool:
    token = parse.tokens[i]
    if token.pos in {"VERB", "AUX"}:
        return token.dep not in _NO_CLAUSE
    return token.pos in _BARE_HEADS and token.dep == "ROOT"


def _hypothetical(parse: Parse, i: int) -> bool:
    """Whether a clause only states a condition: "if Iceland withdraws"."""
    for j in (i, *parse.ancestors(i)):
        if parse.tokens[j].dep == "advcl" and any(
            parse.tokens[g].dep == "mark" and parse.tokens[g].lower in _HYPOTHETICAL for g in parse.children[j]
        ):
            return True
    return False


def _scope(stance: Stance) -> set[int]:
    """Tokens that no further position is read from: the clause, without what is said inside it by somebody else."""
    clause = stance.clause
    sides = clause.sides
    found: set[int] = set()
    for i in clause.tokens_below:
        said = sides.cued_by(i)
        governed = clause.parse.tokens[i].dep in {"xcomp", "pcomp", "acl"}  # "must stop attacking ships"
        if i == clause.head or governed or said is None or sides.source(said) in {None, stance.holder}:
            found.add(i)
    return found


def _position(parse: Parse, draft: Draft, reading: IssueReading, read: Reading | None, *, alone: bool) -> Position:
    """The record of a position; one that stands alone in its sentence is about all that the sentence names."""
    stance = draft.stance
    covered = sorted(draft.tokens)
    while len(covered) > 1 and parse.tokens[covered[-1]].pos in {"PUNCT", "CCONJ"}:
        covered.pop()
    while len(covered) > 1 and parse.tokens[covered[0]].pos in {"PUNCT", "CCONJ", "SCONJ"}:
        covered.pop(0)
    spans = parse.spans(covered)
    about = parse.sentence_span(parse.tokens[stance.clause.head].sentence) if alone else (spans[0][0], spans[-1][1])
    issues = reading.within(*about)
    if read is not None:
        issues = weigh_issues(issues, read, reading.book, reading.topics_at(about[0]))
    statement = stance.clause.cued or stance.clause.statement
    return Position(
        id=derived_id(parse.document.id, "p", spans, stance.kind, stance.holder),
        statement=statement.id if statement is not None else None,
        actor=stance.holder,
        targets=tuple(draft.targets),
        issues=tuple(issues),
        kind=cast(PositionKind, stance.kind),
        condition=parse.text(list(stance.condition.tokens)) if stance.condition is not None else None,
        spans=spans,
        confidence=stance.confidence,
    )

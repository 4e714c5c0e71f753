"""Phrases tied to each other: owner and owned, title and name, "Hungarian and Romanian officials".

The patterns go by neighbourhood and parts of speech more than by the parse, which a small model gets wrong most often
inside the long titles that matter here.
"""

from dataclasses import replace

from communique.actors.complements import AND, MODIFIERS, appositions, complements
from communique.actors.folding import fold
from communique.actors.indexing import Index
from communique.actors.phrases import Phrase, name_run
from communique.actors.words import Words
from communique.parsing import Parse
from communique.records import Span


def link(parse: Parse, found: list[Phrase], index: Index, words: Words) -> list[Phrase]:
    """Tie phrases together.

    Args:
        found: phrases in order of the text, as `find_phrases` gives them; changed in place.

    Returns:
        Those that are left, in order; owners that were taken in are reached through `owners` alone.
    """
    alive = _heads(parse, found, index, words)
    complements(parse, alive, words)
    alive = [p for p in alive if not p.dead]
    appositions(parse, alive, index, words)
    return sorted((p for p in alive if not p.dead), key=lambda p: p.start)


def _heads(parse: Parse, found: list[Phrase], index: Index, words: Words) -> list[Phrase]:
    out: list[Phrase] = []
    listed = {p.first for p in found if p.known}
    named = {i for p in found if p.person is None for i in range(p.first, p.last + 1)}
    for q in found:
        prev = out[-1] if out else None
        inside = (prev.person or prev.named) if prev is not None else None
        if q.person is not None and inside is not None and q.last <= inside[1]:
            continue  # the name behind a title or "firm" took it in already
        tie = _tie(parse, prev, q, words) if prev is not None else None
        if q.person is not None:
            if prev is not None and prev.role is not None and not prev.plural and prev.person is None and tie == "next":
                _give_name(parse, prev, q.person, index, q.known)
            else:
                out.append(q)
            continue
        if q.described:
            _owner(parse, out, q, tie, words, index)
            out.append(q)
            if q.described and not q.plural and q.last + 1 not in listed:
                _unlisted_name(parse, q, index, words, named)
        else:
            if prev is not None and _describes(prev, q, tie, index, words):
                q.spans[0] = (prev.start, q.end)
                out.pop()
            out.append(q)
    return out


def _tie(parse: Parse, prev: Phrase, q: Phrase, words: Words) -> str | None:
    """How `prev` stands before `q`: "next" to it, owning it ("own"), with modifiers between ("modified"), or not."""
    tokens = parse.tokens
    if prev.relational or tokens[prev.last].sentence != tokens[q.first].sentence:
        return None
    if prev.reach > prev.last and prev.reach >= q.first:
        return None
    between = tokens[prev.last + 1 : q.first]
    if not between:
        return "next" if parse.document.text[prev.end : q.start] in {"", " ", "\n", "-"} else None
    own = between[0].tag == "POS" or between[0].lower in {"'s", "’s", "'"}
    rest = between[1:] if own else between
    if len(rest) > (6 if own else 4) or any(t.lower in words["not_between"] for t in rest):
        return None
    if q.person is not None:
        plain = words["he_titles"] | words["she_titles"] | words["other_titles"]
        return "next" if not own and all(t.lower in plain for t in rest) else None
    for t in rest:
        if t.tag not in MODIFIERS and t.text != "-":
            return None
        if not own and not prev.adjective and t.tag in {"VBN", "VBG", "VBD"}:
            return None  # "the North barred workers"
        if not own and t.tag in {"NNS", "VBN", "VBG", "RB"} and t.dep not in {"amod", "compound", "nmod", "advmod"}:
            return None
    return "own" if own else "modified"


def _owner(parse: Parse, out: list[Phrase], q: Phrase, tie: str | None, words: Words, index: Index) -> None:
    """Give a body or role what stands before it: "Iran's parliament", "Foreign Ministry spokesperson", "his deputy"."""
    prev = out[-1] if out else None
    if q.meaning is not None and not _owned_elsewhere(prev, q, tie, index):
        q.body = q.role = q.title = None
        return
    q.meaning, q.adjective, q.place = None, False, False
    start_of_head = q.first
    if prev is not None and tie is not None and _can_own(parse, prev, tie, q):
        gap = range(prev.last + 1, q.first)
        q.former = q.former or prev.former or any(parse.tokens[i].lower in words["former"] for i in gap)
        if prev.described and tie != "own" and prev.person is None:
            out.pop()
            _merge_heads(prev, q)
        else:
            q.owners = [prev]
            if prev.person is None and not (prev.described and tie == "own"):
                out.pop()
        start_of_head = next((i for i in gap if _in_title(parse, i, words)), q.first)
        head_start = parse.tokens[start_of_head].start
        if q.title is not None and head_start < q.title[0] and not (prev.described and tie != "own"):
            q.title = (head_start, q.title[1])
        head = (head_start if start_of_head < q.first else parse.tokens[q.first].start, q.end)
        q.first = prev.first
        q.spans = [(prev.start, q.end)]
        _share(parse, out, q, prev, head)
    else:
        _leftward(parse, q, words)
    if not q.former:
        q.former = _former_before(parse, q, words)


def _owned_elsewhere(prev: Phrase | None, q: Phrase, tie: str | None, index: Index) -> bool:
    """Whether a noun that is a name too ("Congress") belongs to another state that stands before it."""
    if prev is None or tie is None or prev.meaning is None or q.meaning is None or prev.place:
        return False
    entries = index.registry.entries
    if not prev.meaning.id or not q.meaning.id:
        return False
    return entries[prev.meaning.id].country != entries[q.meaning.id].country


def _can_own(parse: Parse, prev: Phrase, tie: str, q: Phrase) -> bool:
    if prev.person is not None:  # "Stein's spokeswoman", and as American papers have it "Stein spokeswoman"
        return tie == "own" or (
            tie == "next" and q.role is not None and q.role.kind == "official" and not prev.described
        )
    if prev.place and prev.meaning is not None and tie != "own":
        before = parse.tokens[prev.first - 1] if prev.first else None
        if before is not None and before.pos == "ADP":
            q.location = prev
            return False
    if prev.described and tie == "modified":
        return prev.role is None or q.role is not None
    return True


def _merge_heads(prev: Phrase, q: Phrase) -> None:
    """ "Foreign Ministry" and "spokesperson", "opposition" and "lawmaker": one phrase, the body from the first."""
    if q.role is not None and prev.body is not None:
        q.body = prev.body
    elif q.role is not None and prev.role is not None and q.role.kind in {"head", "official"} and not q.role.body:
        q.role = q.role._replace(sector=prev.role.sector, body=prev.role.body)  # "rebel chief" is REB
    q.owners, q.pronoun, q.location = prev.owners, prev.pronoun, prev.location
    if prev.title is not None and q.title is not None:
        q.title = (prev.title[0], q.title[1])


def _share(parse: Parse, out: list[Phrase], q: Phrase, owner: Phrase, head: Span) -> None:
    """Adjectives coordinated with the owner's own head a phrase each: "Hungarian and Romanian officials"."""
    if not (q.plural or (q.body is not None and q.role is None)) or owner.meaning is None:
        return
    first = owner.first
    while out:
        other = out[-1]
        gap = parse.tokens[other.last + 1 : first]
        alike = (
            other.meaning is not None and not other.place and other.adjective == owner.adjective and not other.described
        )
        if not alike or not gap or any(t.lower not in AND and t.tag != "POS" for t in gap):
            return
        if not owner.adjective and not any(t.tag == "POS" for t in gap):
            return
        twin = replace(q, owners=[other], spans=[(other.start, other.end), head], first=other.first, last=other.last)
        twin.reach = q.reach
        first = other.first
        out[-1] = twin
        # go on with the one before it
        rest = out[:-1]
        if rest and rest[-1].meaning is not None and not rest[-1].described:
            kept = out.pop()
            _share(parse, out, q, replace(owner, first=first), head)
            out.append(kept)
        return


def _in_title(parse: Parse, i: int, words: Words) -> bool:
    token = parse.tokens[i]
    return token.lower in words["office_modifiers"] or (token.pos == "PROPN" and token.text[:1].isupper())


def _leftward(parse: Parse, q: Phrase, words: Words) -> None:
    """Words before a head without an owner: "First Deputy …" belongs to the title, "his" stands for the owner."""
    tokens = parse.tokens
    i = q.first - 1
    sentence = tokens[q.first].sentence
    while i >= 0 and tokens[i].sentence == sentence and tokens[i].lower in words["office_modifiers"]:
        q.first = i
        q.spans[0] = (tokens[i].start, q.end)
        if q.title is not None:
            q.title = (tokens[i].start, q.title[1])
        i -= 1
    for _ in range(4):
        if i < 0 or tokens[i].sentence != sentence:
            return
        if tokens[i].tag == "PRP$":
            if q.role is not None and q.role.kind == "head":
                return  # "their heads" are parts of the body
            q.pronoun = i
            q.spans[0] = (tokens[i].start, q.end)
            q.first = i
            return
        if tokens[i].tag not in {"JJ", "JJR", "JJS", "NN", "CD", "VBN"}:
            return
        q.former = q.former or tokens[i].lower in words["former"]
        i -= 1


def _former_before(parse: Parse, q: Phrase, words: Words) -> bool:
    before = fold(parse.document.text[max(0, q.start - 14) : q.start]).replace("-", " ").split()
    return bool(before) and before[-1] in words["former"]


def _describes(prev: Phrase, q: Phrase, tie: str | None, index: Index, words: Words) -> bool:
    """ "technology company Huawei": the noun before a name says what it is and is no actor of its own."""
    if tie != "next" or prev.plural or q.meaning is None or not q.meaning.id or prev.person is not None:
        return False
    kind = index.registry.entries[q.meaning.id].kind
    if kind == "state" or prev.spans[-1][1] == q.start:
        return False
    return prev.body is not None and prev.role is None and prev.body.sector in words["named_bodies"]


def _unlisted_name(parse: Parse, q: Phrase, index: Index, words: Words, named: set[int]) -> None:
    """Take the proper name behind a title or a kind of body: "Ryabkov", "firm Huaneng"."""
    last = name_run(parse, q.last + 1, words, named)
    if last <= q.last or parse.tokens[q.last + 1].pos not in {"PROPN", "X"}:
        return
    if q.role is not None:
        _give_name(parse, q, (q.last + 1, last), index)
    elif q.body is not None and q.body.sector in words["named_bodies"]:
        q.named = (q.last + 1, last)
        q.last = q.reach = last
        q.spans[-1] = (q.spans[-1][0], parse.tokens[last].end)


def _give_name(parse: Parse, q: Phrase, run: Span, index: Index, known: tuple[str, ...] = ()) -> None:
    end = parse.tokens[run[1]].end
    q.person = run
    q.known = known or index.persons.get(fold(parse.document.text[parse.tokens[run[0]].start : end]), ())
    q.last = q.reach = run[1]
    q.spans[-1] = (q.spans[-1][0], end)

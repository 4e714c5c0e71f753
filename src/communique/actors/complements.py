"""What follows a body or official: "of", "for" and "to", and the name or the title set off by commas."""

from communique.actors.folding import fold
from communique.actors.indexing import Index
from communique.actors.phrases import Phrase, name_run
from communique.actors.words import Words
from communique.parsing import Parse
from communique.records import Span

# Parts of speech that may stand between an owner and what it owns, and words between coordinated owners.
MODIFIERS = frozenset(
    {"JJ", "JJR", "JJS", "VBN", "VBG", "NN", "NNP", "NNPS", "NNS", "CD", "HYPH", "RB", "``", "''", "AFX"}
)
AND = frozenset({",", "and", "or", "both", "&", "as", "well"})
_CLOSERS = frozenset({",", ".", ";", ")", "—", "–", ":", "?", "!", "and"})


def complements(parse: Parse, alive: list[Phrase], words: Words) -> None:
    """ "of", "for", "from", "to", "in" behind a body or role: an owner, a place, or whom one is accredited to."""
    # from the right, so that "spokesman for the ministry of Chad" finds its ministry complete
    for n in range(len(alive) - 2, -1, -1):
        q = alive[n]
        r = next((p for p in alive[n + 1 :] if not p.dead), None)
        if not q.described or r is None:
            continue
        gap = _prepositional(parse, q, r)
        if gap is None:
            continue
        accredited = (q.body is not None and q.body.slug == "emb") or (
            q.role is not None and q.role.name.split()[-1].lower() in words["accredited"]
        )
        if accredited and gap in {"to", "in", "at", "with"}:
            q.reach = max(q.reach, r.reach)
        elif gap in {"in", "at", "near", "across", "inside", "outside"}:
            if r.meaning is not None and (r.place or gap == "in") and q.person is None:
                q.location = q.location or r
                q.reach = max(q.reach, r.last)
        elif gap in words["owning_prepositions"] and not q.owners and q.pronoun is None and _may_follow(q, r, gap):
            _take(parse, q, r, gap, alive[n + 1 :])


def _prepositional(parse: Parse, q: Phrase, r: Phrase) -> str | None:
    tokens = parse.tokens
    between = tokens[q.last + 1 : r.first]
    if not between or len(between) > 5 or tokens[q.last].sentence != tokens[r.first].sentence:
        return None
    if between[0].pos not in {"ADP", "PART", "SCONJ"}:
        return None
    if any(t.tag not in MODIFIERS and t.tag not in {"DT", "PRP$"} for t in between[1:]):
        return None
    return between[0].lower


def _may_follow(q: Phrase, r: Phrase, preposition: str) -> bool:
    if q.role is None:
        return preposition == "of" and r.meaning is not None
    if preposition in {"of", "from"}:
        return r.person is None or preposition == "of"
    if preposition == "to":
        return q.role.kind in {"official", "office"} and (r.person is not None or r.described)
    if preposition == "for":
        return q.role.kind in {"office", "official", "head"} or r.person is not None
    return r.meaning is not None and not r.place


def _take(parse: Parse, q: Phrase, r: Phrase, preposition: str, following: list[Phrase]) -> None:
    q.owners = [r]
    q.reach = max(q.reach, r.reach)
    q.partial = r.last + 1 < len(parse.tokens) and parse.tokens[r.last + 1].tag == "POS"
    owner_is_part = preposition in {"of", "for"} and r.person is None and not r.place
    if owner_is_part or (preposition in {"from", "at", "with"} and r.meaning is not None):
        r.dead = not r.place
        if q.person is None:
            q.spans[-1] = (q.spans[-1][0], r.end)
            q.last = r.last
    if not q.plural or r.meaning is None:
        return
    last = r
    for other in following:
        if other is r or other.dead:
            continue
        gap = parse.tokens[last.last + 1 : other.first]
        if (
            other.meaning is None
            or other.described
            or not gap
            or any(t.lower not in AND and t.tag != "DT" for t in gap)
        ):
            return
        q.owners.append(other)
        q.reach = other.reach
        last = other


def appositions(parse: Parse, alive: list[Phrase], index: Index, words: Words) -> None:
    """A name beside a title set off by commas, on either side."""
    tokens = parse.tokens
    busy = {i for p in alive for i in range(p.first, p.last + 1)}
    for n, q in enumerate(alive):
        if q.role is None or q.person is not None or q.plural or q.dead:
            continue
        i = q.first - 1
        while i > 0 and q.first - i < 4 and tokens[i].tag in {"JJ", "JJS", "VBN"}:
            q.former = q.former or tokens[i].lower in words["former"]
            i -= 1
        if i >= 0 and tokens[i].tag == "DT":
            i -= 1
        if i > 0 and tokens[i].text == "," and tokens[i].sentence == tokens[q.first].sentence and _closed(parse, q):
            before = alive[n - 1] if n else None
            if before is not None and before.person is not None and before.reach == i - 1 and not before.owners:
                _apply(before, q)
                continue
            first = i
            while (
                first > 0
                and tokens[first - 1].pos == "PROPN"
                and first - 1 not in busy
                and tokens[first - 1].sentence == tokens[i].sentence
            ):
                first -= 1
            if i - first >= 2 and tokens[first].text[0].isupper():
                _give_front_name(parse, q, (first, i - 1), index)
                continue
        j = q.reach + 1
        if j + 1 < len(tokens) and tokens[j].text == "," and _definite(parse, q):
            # "the governor of Alabama, Ann Bell": the owner stands between
            after = next((p for p in alive[n + 1 :] if not p.dead and p.first == j + 1), None)
            if after is not None and after.person is not None and not after.owners and after.pronoun is None:
                if _closed(parse, after):
                    _apply(after, q)
                continue
            last = name_run(parse, j + 1, words, busy)
            if (
                last >= j + 2
                and tokens[j + 1].pos == "PROPN"
                and last + 1 < len(tokens)
                and tokens[last + 1].text in {",", "."}
            ):
                front = q.spans
                _give_front_name(parse, q, (j + 1, last), index)
                q.spans = sorted([*front[:-1], (front[-1][0], front[-1][1]), (tokens[j + 1].start, tokens[last].end)])
                q.first, q.last = min(q.first, j + 1), last
                q.reach = last


def _closed(parse: Parse, q: Phrase) -> bool:
    """Whether an apposition ends where it should: at a comma, the sentence's end, or by the parse."""
    j = q.reach + 1
    if j >= len(parse.tokens) or parse.tokens[j].sentence != parse.tokens[q.last].sentence:
        return True
    return parse.tokens[j].text in _CLOSERS or parse.tokens[j].lower in {"who", "on", "said", "in", "after"}


def _definite(parse: Parse, q: Phrase) -> bool:
    before = parse.tokens[q.first - 1].lower if q.first else ""
    return bool(q.owners) or before == "the" or q.pronoun is not None


def _apply(name: Phrase, q: Phrase) -> None:
    """Give a person's name the title that stands beside it; a rank before the name ("General") yields to the post."""
    name.body, name.role, name.owners, name.pronoun = q.body, q.role, q.owners, q.pronoun
    name.title, name.former, name.location = q.title, q.former, q.location
    name.spans = sorted([*name.spans, *q.spans])
    name.reach = max(name.reach, q.reach)
    q.dead = True


def _give_front_name(parse: Parse, q: Phrase, run: Span, index: Index) -> None:
    start, end = parse.tokens[run[0]].start, parse.tokens[run[1]].end
    q.person = run
    q.known = index.persons.get(fold(parse.document.text[start:end]), ())
    q.spans = sorted([(start, end), *q.spans])
    q.first = min(q.first, run[0])

"""Who speaks where, and speakers whom no list knows: a proper name in a source is somebody."""

from collections.abc import Sequence

from communique.actors.codes import slug
from communique.actors.coreference import head_of
from communique.actors.folding import fold
from communique.actors.people import People
from communique.actors.phrases import Phrase
from communique.actors.words import load_words
from communique.attribution import Attribution
from communique.parsing import Parse
from communique.records import Actor, Span

_ORGANISED = frozenset({"ORG", "NORP", "FAC"})


def spoken_by(parse: Parse, attributions: Sequence[Attribution]) -> dict[int, int]:
    """For every token in somebody's own words the position of the innermost attribution that holds it."""
    quoted = [range(0)] if not parse.quotes else [parse.tokens_in(q.start, q.end) for q in parse.quotes]
    inside = {i for r in quoted for i in r}
    found: dict[int, int] = {}
    sizes = [sum(e - s for s, e in a.content) for a in attributions]
    for n in sorted(range(len(attributions)), key=lambda n: -sizes[n]):
        a = attributions[n]
        if a.kind == "indirect":
            continue
        for start, end in a.content:
            for i in parse.tokens_in(start, end):
                if a.kind == "direct" or i in inside:
                    found[i] = n
    return found


def _is_listed(parse: Parse, people: People, i: int) -> bool:
    """Whether a word alone is the surname of somebody in office: the registry knows better than the parse's labels."""
    token = parse.tokens[i]
    phrase = Phrase([(token.start, token.end)], i, i, token.text, person=(i, i), reach=i)
    return people.listed(fold(token.text), phrase) is not None


def surnames(parse: Parse, people: People, covered: set[int]) -> list[Phrase]:
    """Single capitalised words that are the name of somebody known: "Mao said"."""
    found = []
    tokens = parse.tokens
    for token in tokens:
        i = token.i
        known_noun = token.pos == "NOUN" and token.entity != "" and fold(token.text) in people.index.surnames
        if (
            not (token.pos == "PROPN" or known_noun)
            or i in covered
            or not token.text[0].isupper()
            or token.entity in {"DATE", "TIME"}
        ):
            continue
        if (
            parse.document.text[token.end : token.end + 1] == "-"
            or parse.document.text[token.start - 1 : token.start] == "-"
        ):
            continue  # half of a double name
        word = fold(token.text)
        if word not in people.by_word and word not in people.index.surnames:
            continue
        if any(
            0 <= j < len(tokens)
            and tokens[j].pos == "PROPN"
            and j not in covered
            and tokens[j].sentence == token.sentence
            for j in (i - 1, i + 1)
        ):
            continue
        phrase = Phrase([(token.start, token.end)], i, i, token.text, person=(i, i), reach=i)
        if people.by_surname(word, i) is not None or people.listed(word, phrase) is not None:
            found.append(phrase)
    return found


def unlisted_sources(
    parse: Parse, attributions: Sequence[Attribution], people: People, covered: set[int]
) -> tuple[list[Phrase], list[tuple[Span, Actor, Span]]]:
    """Proper names at the head of a source that nothing has matched: persons as phrases, organisations as actors.

    Returns:
        Phrases of persons; and for organisations characters, actor and tokens (first, last).
    """
    persons: list[Phrase] = []
    organisations: list[tuple[Span, Actor, Span]] = []
    done: set[int] = set()
    for a in attributions:
        inside = [i for start, end in a.source for i in parse.tokens_in(start, end)]
        if not inside:
            continue
        head = head_of(parse, inside)
        token = parse.tokens[head]
        if head in covered or head in done or token.pos != "PROPN" or not token.text[0].isupper():
            continue
        first = last = head
        while first - 1 in inside and parse.tokens[first - 1].pos == "PROPN" and first - 1 not in covered:
            first -= 1
        while last + 1 in inside and parse.tokens[last + 1].pos == "PROPN" and last + 1 not in covered:
            last += 1
        done.update(range(first, last + 1))
        start, end = parse.tokens[first].start, parse.tokens[last].end
        name = parse.document.text[start:end]
        if last == first and (fold(name) in people.by_word or _is_listed(parse, people, first)):
            continue
        if parse.tokens[last].lower in load_words()["papers"]:
            continue
        if token.entity in _ORGANISED or (name.isupper() and last == first):
            actor = Actor(id=f"organisation/{slug(name)}", name=name, kind="organisation")
            organisations.append(((start, end), actor, (first, last)))
        elif token.entity in {"PERSON", ""} and (last > first or token.entity == "PERSON"):
            persons.append(Phrase([(start, end)], first, last, name, person=(first, last), reach=last))
    return persons, organisations

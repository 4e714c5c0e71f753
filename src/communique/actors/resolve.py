"""Parse and Attributions -> Resolution.

In order: names, bodies and roles by longest match; phrases tied together by a grammar of neighbourhood; persons with
full names first; then from left to right everything that stands for somebody named before; speakers; and last what is
said inside quotation marks, where "we" is the speaker's side.
"""

from collections.abc import Iterable, Iterator

from communique.actors.cast import Cast
from communique.actors.coreference import Discourse
from communique.actors.grammar import link
from communique.actors.indexing import index_of
from communique.actors.issuers import issuers_of
from communique.actors.people import People
from communique.actors.phrases import Phrase, find_phrases
from communique.actors.registry import OF_ORGANISATIONS, Registry, load_registry
from communique.actors.resolution import Resolution
from communique.actors.sources import spoken_by, surnames, unlisted_sources
from communique.actors.statements import Mentions, build_statements
from communique.actors.words import load_words
from communique.attribution import Attribution, issuer
from communique.parsing import Parse
from communique.records import Actor, Mention, Span

# What a noun does that stands for actors on its own: "the two met", but not "the two men".
_ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "dative"})
# Something that may stand for an actor: a phrase, or a token with its kind as words.yaml has it ("she", "pair").
Item = Phrase | tuple[int, str]


def resolve(parse: Parse, attributions: list[Attribution], registry: Registry | None = None) -> Resolution:
    """Say who is who in one document.

    Args:
        parse: the document; its date decides who holds which office.
        attributions: who said what, as spans.
        registry: the loaded registry; by default ours with what the user lays over it.
    """
    index, words = index_of(registry or load_registry()), load_words()
    people = People(parse, index, words)
    discourse = Discourse(parse, words, people, {})
    cast = Cast(parse, index, words, people, discourse)
    cast.actors = discourse.actors
    if (issued := issuer(parse)) is not None:
        discourse.issuers = lambda: issuers_of(issued[0], cast.mentions)
    phrases = link(parse, find_phrases(parse, index, words), index, words)
    phrases = _with_names(parse, cast, phrases, attributions)
    spoken = spoken_by(parse, attributions)
    later = [item for item in _items(cast, phrases) if not _settled_now(cast, item, spoken)]
    _name_functions(cast)
    mentions = Mentions(parse, cast.mentions)
    sources = [mentions.named(a.source) for a in attributions]
    discourse.speaker_at = lambda i: sources[spoken[i]] if i in spoken else None
    for item in later:
        _settle(cast, item)
    mentions = Mentions(parse, cast.mentions)
    sources = [found or mentions.named(a.source) for found, a in zip(sources, attributions, strict=True)]
    statements = build_statements(parse, attributions, sources, mentions)
    return Resolution(
        actors=_actors(cast, sources),
        mentions=_grouped(cast.mentions),
        statements=tuple(statements),
        places=tuple(sorted(cast.places)),
    )


def _with_names(parse: Parse, cast: Cast, phrases: list[Phrase], attributions: list[Attribution]) -> list[Phrase]:
    """Add persons known by surname and speakers known by nothing but their name; full names come first."""
    for phrase in phrases:
        if phrase.person is not None and phrase.person[1] > phrase.person[0]:
            explicit = [s for owner in phrase.owners if owner.person is None and (s := cast.side(owner)) is not None]
            cast.people.identify(phrase, explicit[0] if explicit else None)
    covered = {i for p in phrases for i in range(p.first, p.last + 1)}
    persons, organisations = unlisted_sources(parse, attributions, cast.people, covered)
    for phrase in persons:
        if phrase.last > phrase.first:
            cast.people.identify(phrase, None)
        covered.update(range(phrase.first, phrase.last + 1))
    for span, actor, (first, last) in organisations:
        cast.mentions.append(((span,), cast.add(actor)))
        covered.update(range(first, last + 1))
    return sorted([*phrases, *persons, *surnames(parse, cast.people, covered)], key=lambda p: p.start)


def _items(cast: Cast, phrases: list[Phrase]) -> Iterator[Item]:
    """Phrases and the words that stand for somebody named elsewhere, in order of the text."""
    kinds, tokens = cast.words.kinds, cast.parse.tokens
    covered = {i for p in phrases for i in range(p.first, p.last + 1)}
    found: list[tuple[int, Item]] = [(p.start, p) for p in phrases]
    found += [
        (t.start, (t.i, kinds[t.lower])) for t in tokens if t.lower in kinds and (t.i not in covered or t.tag == "PRP$")
    ]
    found.sort(key=lambda pair: pair[0])
    return (item for _, item in found)


def _settled_now(cast: Cast, item: Item, spoken: dict[int, int]) -> bool:
    """Settle an item unless it stands in somebody's own words and depends on who that is."""
    if isinstance(item, Phrase):
        if item.described and item.person is None and not item.owners and item.first in spoken:
            return False
    elif item[0] in spoken:
        return False
    _settle(cast, item)
    return True


def _settle(cast: Cast, item: Item) -> None:
    if isinstance(item, Phrase):
        _with_side(cast, item)
        cast.settle(item)
    else:
        _stand_in(cast, *item)


def _with_side(cast: Cast, phrase: Phrase) -> None:
    """ "the Chinese side" is the state: the noun belongs to the name."""
    tokens = cast.parse.tokens
    following = phrase.last + 1
    if phrase.meaning is None or phrase.described or following >= len(tokens):
        return
    if tokens[following].lower in cast.words["sides"] and tokens[following].start == phrase.end + 1:
        phrase.last, phrase.plural = following, False
        phrase.spans[-1] = (phrase.spans[-1][0], tokens[following].end)


def _stand_in(cast: Cast, i: int, kind: str) -> None:
    """A pronoun, "the two sides", "the country", "the bloc", "here"."""
    tokens, words, discourse = cast.parse.tokens, cast.words, cast.discourse
    token = tokens[i]
    before = tokens[i - 1].lower if i and tokens[i - 1].sentence == token.sentence else ""
    after = tokens[i + 1].lower if i + 1 < len(tokens) else ""
    ids: list[str] = []
    first = i
    pair = any(t.lower in words["two"] for t in tokens[max(0, i - 3) : i])
    if kind in {"he", "she", "it", "they", "we", "me"}:
        if not token.tag.startswith("PRP"):
            return  # "US" in capitals is no pronoun, "mine" may be a pit
        ids = discourse.pronoun(i, kind)
    elif kind == "here":
        state = discourse.country_before(i) if discourse.speaker_at(i) else ""
        if state:
            cast.places.append(((token.start, token.end), cast.entry(state)))
        return
    elif kind in {"pair", "sides"}:
        if pair:
            ids = discourse.pair(i, persons=False)
        elif before == "the" and token.lower in words["couples"]:
            ids = discourse.joined(i, persons=False, back=1)
    elif kind == "duo":
        if before == "the" and token.dep in _ARGUMENTS:
            ids = discourse.two(i) or discourse.pair(i, persons=True) or discourse.pair(i, persons=False)
    elif kind == "countries":
        possessive = i > 0 and tokens[i - 1].tag == "PRP$"
        if possessive:
            owner = discourse.pronoun(i - 1, words.kinds.get(before, ""))
            country = cast.actors[owner[0]].country if owner and owner[0] in cast.actors else None
            ids = [country] if country else []
        elif before in words["pointing"]:
            speaker = discourse.speaker_at(i) if before == "this" else None
            spoken = cast.actors[speaker].country if speaker in cast.actors else None
            meant = spoken or discourse.state(i)
            ids = [meant] if meant else []
        first = i - 1
    elif kind == "bearer" and before in words["pointing"] and after != "of":
        found = discourse.bearer(i, words.bearers[token.lower])
        ids = [found] if found else []
    ids = [cast.entry(id) if id in cast.index.registry.entries and id not in cast.actors else id for id in ids]
    ids = [id for id in ids if id in cast.actors]
    for id in ids:
        cast.mentions.append((((tokens[first].start, token.end),), id))
    if ids:
        discourse.note(ids, i, i, len(ids) > 1 or kind == "they")


def _name_functions(cast: Cast) -> None:
    """A function first, the name later: "a ministry spokesman said … Wang Wenbin said" is one person."""
    tokens = cast.parse.tokens
    for id, phrase in cast.open_functions:
        actor = cast.actors.get(id)
        if actor is None or phrase.role is None or phrase.former:
            continue
        family = cast.words.families.get(phrase.role.name.split()[-1].lower(), frozenset())
        if "spokesperson" not in family:
            continue
        fitting = []
        for person_id, person in cast.people.known.items():
            apart = tokens[person.first].sentence - tokens[phrase.last].sentence
            if person.first <= phrase.last or not 0 <= apart <= 3:
                continue
            untitled = not person.role and person.actor.country is None
            alike = actor.country is None or person.actor.country == actor.country
            if untitled or (person.role in family and alike):
                fitting.append(person_id)
        if len(fitting) == 1:
            _is_named(cast, id, fitting[0], phrase)


def _is_named(cast: Cast, function: str, person_id: str, phrase: Phrase) -> None:
    actor, person = cast.actors.pop(function), cast.people.known[person_id]
    if person.actor.country is None:
        office = actor.office or phrase.text
        person.actor = actor.model_copy(update={"id": person_id, "name": person.actor.name, "office": office})
    person.role = person.role or "spokesperson"
    cast.actors[person_id] = person.actor
    cast.mentions[:] = [(spans, person_id if id == function else id) for spans, id in cast.mentions]
    for ref in cast.discourse.refs:
        if ref.actor == function:
            ref.actor = person_id


def _actors(cast: Cast, sources: Iterable[str | None]) -> dict[str, Actor]:
    """Those that are mentioned, the states of places, and the states and organisations that they act or speak for."""
    used = dict.fromkeys(id for _, id in cast.mentions)
    used |= dict.fromkeys(state for _, state in cast.places)
    for actor in [*sources, *used]:
        country = cast.actors[actor].country if actor in cast.actors else None
        if country and country in cast.index.registry.entries:
            used[cast.entry(country)] = None
    for person in [id for id in used if id in cast.actors and cast.actors[id].sector in OF_ORGANISATIONS]:
        organisation = cast.index.registry.organisation_of(person, cast.date)
        if organisation and organisation in cast.index.registry.entries:
            used[cast.entry(organisation)] = None
    return {id: cast.actors[id] for id in used if id in cast.actors}


def _grouped(found: Iterable[tuple[tuple[Span, ...], str]]) -> tuple[Mention, ...]:
    """One Mention a place and actor, in order; of overlapping mentions of one actor the longer stands."""
    taken: dict[str, list[Span]] = {}
    kept: list[tuple[tuple[Span, ...], str]] = []
    for spans, id in sorted(found, key=lambda m: -sum(e - s for s, e in m[0])):
        known = taken.setdefault(id, [])
        if any(s < e2 and s2 < e for s, e in spans for s2, e2 in known):
            continue
        known.extend(spans)
        kept.append((spans, id))
    return tuple(Mention(actor=id, spans=spans) for spans, id in sorted(kept))

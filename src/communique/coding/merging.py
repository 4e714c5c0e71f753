"""One event is one event: mentions of the same deed within a document become one row that keeps every span."""

from communique.coding.codebook import Codebook
from communique.coding.participants import Participants
from communique.parsing.parse import Parse
from communique.records import Event, Span, derived_id

_SPOKEN = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "AGREE"})


def merge(events: list[Event], participants: Participants, parse: Parse, book: Codebook) -> list[Event]:
    """Merge mentions of the same event; the first mention's place in the text orders the result.

    Two mentions are one event when class, day, modality and root code agree, their actors are the same or of the same
    states, and, as one side may do several such things on a day, their words overlap.
    """
    groups: list[list[Event]] = []
    for event in sorted(events, key=lambda e: (e.spans[0], e.plover)):
        for group in groups:
            if all(_same(event, other, participants, parse) for other in group):
                group.append(event)
                break
        else:
            groups.append([event])
    return [_joined(group, participants, parse) if len(group) > 1 else group[0] for group in groups]


def _same(a: Event, b: Event, participants: Participants, parse: Parse) -> bool:
    if a.plover != b.plover or a.modality != b.modality or a.date != b.date:
        return False
    if a.cameo and b.cameo and a.cameo[:2] != b.cameo[:2]:
        return False
    if not _sides_agree(a.sources, b.sources, participants) or not _sides_agree(a.targets, b.targets, participants):
        return False
    if _overlap(a.spans, b.spans):
        return True
    words_a, words_b = _content_words(a, parse, participants), _content_words(b, parse, participants)
    if not words_a or not words_b:
        return True
    share = len(words_a & words_b) / min(len(words_a), len(words_b))
    return share >= (0.5 if a.plover in _SPOKEN else 0.25)


def _sides_agree(a: tuple[str, ...], b: tuple[str, ...], participants: Participants) -> bool:
    if set(a) == set(b):
        return True
    if not a or not b:
        return False

    def sides(actors: tuple[str, ...]) -> set[str]:
        return {participants.country(x) or x for x in actors}

    if sides(a) != sides(b):
        return False
    # two different persons of one state are two actors; a person and his state, or an organ and its state, may be one
    people_a = {x for x in a if x.startswith("person/")}
    people_b = {x for x in b if x.startswith("person/")}
    return not (people_a and people_b and people_a.isdisjoint(people_b))


def _overlap(a: tuple[Span, ...], b: tuple[Span, ...]) -> bool:
    return any(s < f and t < e for s, e in a for t, f in b)


def _content_words(event: Event, parse: Parse, participants: Participants) -> set[str]:
    """Lemmas of nouns and verbs under an event's spans, without the names of its actors."""
    return {
        parse.tokens[i].lemma.lower()
        for start, end in event.spans
        for i in parse.tokens_in(start, end)
        if parse.tokens[i].pos in {"NOUN", "VERB"} and i not in participants.by_token
    }


def _joined(group: list[Event], participants: Participants, parse: Parse) -> Event:
    spans = _union([span for event in group for span in event.spans])
    best = max(group, key=lambda e: (e.confidence, len(e.targets)))
    sources = _most_exact(group, "sources", participants)
    targets = _most_exact(group, "targets", participants)
    return best.model_copy(
        update={
            "id": derived_id(parse.document.id, "e", best.plover, spans, sources, targets),
            "spans": spans,
            "sources": sources,
            "targets": targets,
            "statement": next((e.statement for e in group if e.statement), None),
            "mode": next((e.mode for e in [best, *group] if e.mode), None),
            "cameo": max((e.cameo for e in group if e.cameo), key=len, default=None) if not best.cameo else best.cameo,
            "contexts": tuple(dict.fromkeys(c for e in group for c in e.contexts)),
            "location": next((e.location for e in [best, *group] if e.location), None),
            "confidence": max(e.confidence for e in group),
        }
    )


def _most_exact(group: list[Event], side: str, participants: Participants) -> tuple[str, ...]:
    """Of the mentions' actors on one side the most exact ones: a minister rather than his state."""
    found = list(dict.fromkeys(actor for event in group for actor in getattr(event, side)))
    exact = {participants.country(a) for a in found if a != participants.country(a)}
    return tuple(a for a in found if a != participants.country(a) or a not in exact)


def _union(spans: list[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)

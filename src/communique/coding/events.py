"""Events of a document: who did what to whom, by the event lexicon, the parse and the learned classifier.

Narrated deeds come from `candidates`, deeds done by speaking from `speech`; here their classes, modes, contexts, CAMEO
codes, dates and places are settled, and `merging` makes one event of several mentions.
"""

from communique.actors.resolution import Resolution
from communique.coding import speech
from communique.coding.candidates import (
    Candidate,
    absorbed_by,
    code_of_complement,
    predicates,
    sources_of,
)
from communique.coding.classes import contexts_in, settle
from communique.coding.clauses import Predicate
from communique.coding.codebook import Codebook, load_codebook
from communique.coding.deciding import decide
from communique.coding.discard import is_political, is_reporting, is_sport
from communique.coding.merging import merge
from communique.coding.modality import is_background, modality_of
from communique.coding.pairs import open_pairs
from communique.coding.participants import Participants
from communique.coding.patterns import Entry
from communique.coding.places import locate
from communique.parsing.dates import resolve_date
from communique.parsing.parse import Parse
from communique.records import Event, derived_id

_CONFIDENCE = {3: 0.9, 2: 0.7, 1: 0.45}
_ONE_SIDED = ("051", "052", "053", "054", "055", "056")  # praise, apologies: of a mutual class, yet one side's
# what is an event with nobody named to whom it is done, though the lexicon is not sure of it
_MAY_LACK_TARGET = frozenset({"RETREAT", "CONCEDE", "PROTEST", "MOBILIZE", "COERCE"})
_MAY_LACK_SOURCE = frozenset({"ASSAULT", "COERCE", "PROTEST"})
_PARTIES = frozenset({"PTY", "OPP", "LEG", "ELI"})
_POLITICIANS = frozenset({"GOV", None}) | _PARTIES
_EDGES = frozenset({"PUNCT", "SPACE", "CCONJ", "SCONJ"})


def code_events(parse: Parse, resolution: Resolution, codebook: Codebook | None = None) -> list[Event]:
    """Events of one document, in order of the text.

    Args:
        parse: the parsed document.
        resolution: its actors, mentions and statements.
        codebook: the built-in PLOVER unless another is given; see docs/events.md.
    """
    book = codebook or load_codebook()
    participants = Participants(parse, resolution)
    found = narrated(parse, resolution, participants, book)
    acts = speech.acts(parse, resolution, participants, book)
    found = [c for c in found if not _announced_in(c, acts)] + acts
    found += open_pairs(parse, participants, found, book)
    found = decide(found, parse, participants, book)
    events = [event for c in found if (event := _event(c, parse, participants, resolution, book)) is not None]
    return merge(events, participants, parse, book)


def narrated(parse: Parse, resolution: Resolution, participants: Participants, book: Codebook) -> list[Candidate]:
    """Deeds that the document tells of, with class and actors by the lexicon."""
    speech.speak_for_themselves(parse, resolution, participants)
    statements = speech.statement_index(parse, resolution)
    cues = speech.cue_index(parse, resolution)
    found: list[Candidate] = []
    taken: set[int] = set()
    for predicate, entry in sorted(predicates(parse, book), key=lambda p: p[0].kind == "n"):
        if predicate.head in taken or (predicate.kind == "n" and entry.strength == 1 and predicate.light is None):
            continue
        candidate = _candidate(predicate, entry, participants, book)
        if candidate is None:
            continue
        cue = cues.get(predicate.head)
        candidate.statement = cue.id if cue is not None else statements.get(predicate.head)
        if cue is not None:
            speech.take_speaker(candidate, cue)
        taken |= candidate.absorbed
        found.append(candidate)
    return found


def _candidate(predicate: Predicate, entry: Entry, participants: Participants, book: Codebook) -> Candidate | None:
    sources = sources_of(predicate, participants, entry)
    targets, _ = participants.target(entry, predicate, tuple(sources))
    mutual = entry.name in book.classes and book.classes[entry.name].mutual
    mutual = mutual and not (entry.cameo or "").startswith(_ONE_SIDED)
    if entry.name == "ASSAULT" and predicate.kind == "v" and predicate.objects:
        mutual = False  # "A and B attacked villages"
    somewhere = all(participants.is_place(a) for a in targets)
    if mutual and somewhere and len(sources) > 1:
        targets = list(sources)
    elif mutual and not sources and len(targets) > 1:
        sources = list(targets)
    if not sources and not (targets and entry.strength == 3 and entry.name in _MAY_LACK_SOURCE):
        return None
    inner, inner_entry = code_of_complement(predicate, book)
    name, mode, cameo, act, modality = settle(predicate, entry, inner, inner_entry, modality_of(predicate), book)
    if name is None:
        return None
    if name == "ASSAULT" and cameo == "190" and _is_verbal(predicate, sources, participants, book):
        name, mode, cameo = "ACCUSE", "disapprove", "111"
    evidence = [*predicate.scope]
    return Candidate(
        predicate=predicate,
        name=name,
        mode=mode,
        cameo=cameo,
        contexts=entry.contexts if name == entry.name else (),
        sources=tuple(sources),
        targets=tuple(targets),
        modality=modality,
        evidence=evidence,
        strength=entry.strength,
        act=act,
        confidence=_CONFIDENCE[entry.strength],
        absorbed=absorbed_by(predicate, entry),
    )


def _announced_in(candidate: Candidate, acts: list[Candidate]) -> bool:
    """Whether a deed is only what a threat announces."""
    return candidate.modality in {"conditional", "future"} and any(
        act.act == "threaten" and candidate.predicate.head in act.evidence for act in acts
    )


def _is_verbal(predicate: Predicate, sources: list[str], participants: Participants, book: Codebook) -> bool:
    """Whether an attack is one with words: by politicians or parties, and nothing of war in the clause."""
    if predicate.lemma not in {"attack", "assault"} or not sources or "ACCUSE" not in book.classes:
        return False
    known = [participants.actors[a] for a in sources if a in participants.actors]
    if not all(a.sector in _PARTIES or (a.kind == "person" and a.sector in _POLITICIANS) for a in known):
        return False
    return predicate.words.isdisjoint(book.sets.get("weaponry", frozenset()))


def _event(
    candidate: Candidate, parse: Parse, participants: Participants, resolution: Resolution, book: Codebook
) -> Event | None:
    """The record of a candidate, or None where it is not to be coded: history, sport, nobody political, no target."""
    known = book.classes[candidate.name]
    if known.recipient_required and not candidate.targets:
        return None
    if candidate.strength < 3 and not candidate.targets and candidate.name not in _MAY_LACK_TARGET:
        return None
    if candidate.strength == 1 and not (candidate.sources and candidate.targets):
        return None
    if not is_political(candidate, participants) or is_sport(candidate, parse, participants):
        return None
    if is_reporting(candidate, parse):
        return None
    ahead = candidate.modality in {"future", "demanded", "conditional"}
    stated = resolve_date(parse, candidate.evidence, ahead=ahead)
    if is_background(candidate.predicate, stated, parse.document.published):
        return None
    evidence = _trimmed(parse, candidate.evidence)
    spans = parse.spans(evidence)
    cameo = candidate.cameo or None
    code = book.cameo.get(cameo) if cameo else None
    mode = candidate.mode
    if mode is None and code is not None and code.plover == candidate.name:
        mode = code.mode
    if mode is not None and (candidate.name, mode) not in book.modes:
        mode = None
    contexts = dict.fromkeys([*candidate.contexts, *(code.contexts if code is not None else ())])
    contexts |= dict.fromkeys(contexts_in(parse, candidate.predicate, book))
    return Event(
        id=derived_id(parse.document.id, "e", candidate.name, spans, candidate.sources, candidate.targets),
        statement=candidate.statement,
        plover=candidate.name,
        mode=mode,
        contexts=tuple(c for c in contexts if c in book.contexts),
        cameo=cameo,
        goldstein=book.goldstein(cameo),
        quad=known.quad,
        sources=candidate.sources,
        targets=candidate.targets,
        modality=candidate.modality,
        date=stated or (parse.document.published[:10] if parse.document.published else None),
        location=locate(parse, candidate.predicate, participants, resolution),
        spans=spans,
        confidence=candidate.confidence,
    )


def _trimmed(parse: Parse, indices: list[int]) -> list[int]:
    """Evidence without punctuation and conjunctions at its ends."""
    found = sorted(indices)
    while len(found) > 1 and parse.tokens[found[0]].pos in _EDGES:
        found = found[1:]
    while len(found) > 1 and parse.tokens[found[-1]].pos in _EDGES:
        found = found[:-1]
    return found

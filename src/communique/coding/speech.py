"""Events done by speaking: demands, accusations and threats that the content of a statement makes of somebody else.

"X said Y should …" asks, "X said Y has harmed …" accuses, "X warned that it would …" threatens. Cues that are deeds by
themselves (urge, accuse, refuse) are rows of the event lexicon, found as narrated deeds; here they get their speaker.
"""

from communique.actors.resolution import Resolution
from communique.coding.candidates import Candidate, best_entry
from communique.coding.clauses import Predicate, clause_tokens, verb_predicate
from communique.coding.codebook import Codebook
from communique.coding.modality import modality_of
from communique.coding.participants import Participants
from communique.parsing.parse import Parse
from communique.records import Statement

_FIRST_PERSON = frozenset({"i", "we", "us", "me", "our", "my", "ours"})
_OBLIGING = frozenset({"must", "should", "ought"})
_OBLIGING_VERBS = frozenset({"need", "have"})
_ANNOUNCING = frozenset({"will", "shall", "would", "'ll", "could", "wo"})


def speak_for_themselves(parse: Parse, resolution: Resolution, participants: Participants) -> None:
    """Let "we" and "our" inside a statement stand for its speaker where the actors room left them open."""
    for statement in resolution.statements:
        if statement.source.actor is None:
            continue
        for start, end in statement.content.spans:
            for i in parse.tokens_in(start, end):
                if parse.tokens[i].lower in _FIRST_PERSON:
                    participants.by_token.setdefault(i, [statement.source.actor])


def statement_index(parse: Parse, resolution: Resolution) -> dict[int, str]:
    """For each token the id of the innermost statement whose content holds it."""
    found: dict[int, tuple[int, str]] = {}
    for statement in resolution.statements:
        size = sum(end - start for start, end in statement.content.spans)
        for start, end in statement.content.spans:
            for i in parse.tokens_in(start, end):
                if i not in found or size < found[i][0]:
                    found[i] = (size, statement.id)
    return {i: name for i, (_, name) in found.items()}


def cue_index(parse: Parse, resolution: Resolution) -> dict[int, Statement]:
    """For each token of a cue its statement."""
    return {
        i: statement
        for statement in resolution.statements
        for start, end in statement.cue.spans
        for i in parse.tokens_in(start, end)
    }


def take_speaker(candidate: Candidate, statement: Statement) -> None:
    """Give a deed done by a cue the statement's speaker and, where it has no target, the statement's addressees."""
    if statement.source.actor is not None and candidate.predicate.kind == "v":
        candidate.sources = (statement.source.actor,)
        candidate.targets = tuple(t for t in candidate.targets if t != statement.source.actor)
    if not candidate.targets:
        candidate.targets = tuple(a for a in statement.addressees if a not in candidate.sources)


def acts(parse: Parse, resolution: Resolution, participants: Participants, book: Codebook) -> list[Candidate]:
    """Demands, accusations and threats that statements make by their content."""
    found: list[Candidate] = []
    statements = statement_index(parse, resolution)
    done: set[int] = set()
    for statement in resolution.statements:
        speaker = statement.source.actor
        if speaker is None or speaker not in participants.actors or statement.negated:
            continue
        inside = {i for start, end in statement.content.spans for i in parse.tokens_in(start, end) if i in statements}
        inside = {i for i in inside if statements[i] == statement.id}
        for head in _main_verbs(parse, inside):
            own = any(parse.tokens[j].dep in {"nsubj", "nsubjpass"} for j in parse.children[head])
            if parse.tokens[head].dep == "conj" and parse.tokens[head].head in done and not own:
                continue  # one charge or demand, several verbs
            predicate = verb_predicate(parse, head)
            act = _demand(predicate, statement, speaker, participants, book) or _accusation(
                predicate, statement, speaker, participants, book
            )
            if act is not None:
                done.add(head)
                found.append(act)
        threat = _threat(parse, statement, speaker, inside, participants, book)
        if threat is not None:
            found.append(threat)
    return found


def _main_verbs(parse: Parse, inside: set[int]) -> list[int]:
    """Verbs of a statement's content that no other verb of it governs, and what is coordinated with them."""
    tokens = parse.tokens
    found: list[int] = []
    for i in sorted(inside):
        if tokens[i].pos not in {"VERB", "AUX"} or tokens[i].dep in {"aux", "auxpass"}:
            continue
        top = tokens[i].head == i or not any(
            j in inside and tokens[j].pos in {"VERB", "AUX"} for j in parse.ancestors(i)
        )
        if top or (tokens[i].dep in {"conj", "ccomp"} and tokens[i].head in found):
            found.append(i)
    return found


def _other_side(predicate: Predicate, speaker: str, participants: Participants) -> tuple[str, ...]:
    """Actors that a verb's subject names, where none is of the speaker's own side."""
    own = participants.country(speaker)
    found = participants.of_all(predicate.subjects)
    if not found or any(a == speaker or (own is not None and participants.country(a) == own) for a in found):
        return ()
    return tuple(found)


def _evidence(parse: Parse, head: int) -> list[int]:
    """A clause with its coordinated predicates, but without those that have a subject of their own."""
    found = [head]
    for i in found:
        for j in parse.children[i]:
            token = parse.tokens[j]
            own = token.dep == "conj" and any(parse.tokens[k].dep in {"nsubj", "nsubjpass"} for k in parse.children[j])
            if not own and token.dep not in {"advcl", "parataxis"}:
                found.append(j)
    return sorted(found)


def _demand(
    predicate: Predicate, statement: Statement, speaker: str, participants: Participants, book: Codebook
) -> Candidate | None:
    if "REQUEST" not in book.classes:
        return None
    tokens = predicate.parse.tokens
    obliged = bool(predicate.auxiliaries & _OBLIGING) or (
        predicate.lemma in _OBLIGING_VERBS
        and any(tokens[i].pos == "VERB" and tokens[i].dep == "xcomp" for i in predicate.complements)
    )
    if not obliged:
        return None
    targets = _other_side(predicate, speaker, participants)
    if not targets:
        return None
    entry = best_entry(book, predicate, ("v",))
    code = book.intent_code(entry.cameo if entry is not None else None, "demand")
    return Candidate(
        predicate=predicate,
        name="REQUEST",
        mode=None,
        cameo=code or "100",
        contexts=(),
        sources=(speaker,),
        targets=targets,
        modality="past",
        evidence=_evidence(predicate.parse, predicate.head),
        strength=3,
        statement=statement.id,
        act="demand",
        confidence=0.8,
    )


def _accusation(
    predicate: Predicate, statement: Statement, speaker: str, participants: Participants, book: Codebook
) -> Candidate | None:
    entry = best_entry(book, predicate, ("h",))
    if entry is None or modality_of(predicate) not in {"past", "present"} or predicate.passive:
        return None
    targets = _other_side(predicate, speaker, participants)
    if not targets:
        return None
    # harm to a third party's enemy is a report; to the speaker's side, or to goods that anyone may claim, a charge
    own = participants.country(speaker)
    harmed = [*predicate.objects, *(i for heads in predicate.prepositions.values() for i in heads)]
    for j in predicate.parse.children[predicate.head]:  # "impacted and limited China's capability"
        if predicate.parse.tokens[j].dep == "conj" and predicate.parse.tokens[j].pos == "VERB":
            harmed += verb_predicate(predicate.parse, j).objects
    sides = {participants.country(a) for a in participants.of_all(harmed)}
    goods = {predicate.parse.tokens[i].lemma.lower() for i in harmed} & book.sets.get("harm", frozenset())
    if own not in sides and not goods:
        return None
    return Candidate(
        predicate=predicate,
        name=entry.name,
        mode=entry.mode,
        cameo=entry.cameo,
        contexts=entry.contexts,
        sources=(speaker,),
        targets=targets,
        modality="past",
        evidence=_evidence(predicate.parse, predicate.head),
        strength=entry.strength,
        statement=statement.id,
        act="accuse",
        confidence=0.65,
    )


def _threat(
    parse: Parse,
    statement: Statement,
    speaker: str,
    inside: set[int],
    participants: Participants,
    book: Codebook,
) -> Candidate | None:
    """A warning that announces harm from the speaker's side."""
    lemma = (statement.cue.lemma or "").split()
    rows = book.entries.get(("w", lemma[0]), ()) if lemma else ()
    if not rows:
        return None
    own = participants.country(speaker)
    harm = book.sets.get("announced", frozenset())
    for i in sorted(inside):
        token = parse.tokens[i]
        if token.pos not in {"VERB", "AUX"} or token.dep in {"aux", "auxpass"}:
            continue
        predicate = verb_predicate(parse, i)
        if not predicate.auxiliaries & _ANNOUNCING:
            continue
        words = {parse.tokens[j].lemma.lower() for j in clause_tokens(parse, i)}
        if not words & harm:
            continue
        subjects = participants.of_all(predicate.subjects) or participants.of_all(predicate.fallback)
        ours = any(a == speaker or (own is not None and participants.country(a) == own) for a in subjects)
        suffers = predicate.lemma in {"face", "suffer", "pay", "regret", "bear"}
        if not ours and not suffers:
            continue
        targets = [a for a in statement.addressees if a != speaker]
        targets = targets or (subjects if suffers else participants.target(rows[0], predicate, (speaker,))[0])
        targets = targets or [
            a for j in sorted(inside) for a in participants.by_token.get(j, ()) if participants.country(a) != own
        ]
        entry = best_entry(book, predicate, ("v",))
        cue = parse.token_at(statement.cue.spans[0][0]) if statement.cue.spans else i
        return Candidate(
            predicate=verb_predicate(parse, cue),
            name="THREATEN",
            mode=None,
            cameo=book.intent_code(entry.cameo if entry is not None else None, "threaten") or rows[0].cameo,
            contexts=rows[0].contexts,
            sources=(speaker,),
            targets=tuple(dict.fromkeys(targets)),
            modality="past",
            evidence=sorted({cue, *_evidence(parse, i)}),
            strength=3,
            statement=statement.id,
            act="threaten",
            confidence=0.75,
        )
    return None

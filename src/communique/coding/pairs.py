"""Deeds that the lexicon has no word for: verbs between two actors, for the classifier to judge."""

from communique.attribution.lexicon import load_lexicon
from communique.coding.candidates import Candidate
from communique.coding.clauses import verb_predicate
from communique.coding.codebook import Codebook
from communique.coding.modality import modality_of
from communique.coding.participants import Participants
from communique.coding.patterns import Entry, excluded
from communique.parsing.parse import Parse

UNKNOWN = ""
_ANYWHERE = Entry("v", (), (), UNKNOWN, None, None, (), ("obj", "dative", "any"), 1)
_EMPTY = frozenset({"be", "have", "say", "become", "seem", "remain"})


def open_pairs(parse: Parse, participants: Participants, found: list[Candidate], book: Codebook) -> list[Candidate]:
    """Verbs between two actors of different sides that no candidate of `found` in the same sentence speaks of.

    Passed over are verbs that a row of the lexicon expressly leaves out, verbs of saying and thinking (what they say is
    for `speech`), purposes ("to help Mali"), and what is denied or only possible.
    """
    spoken = {(parse.tokens[c.predicate.head].sentence, s, t) for c in found for s in c.sources for t in c.targets}
    spoken |= {(sentence, t, s) for sentence, s, t in spoken}
    heads = {c.predicate.head for c in found} | {i for c in found for i in c.absorbed}
    pairs: list[Candidate] = []
    cues = load_lexicon().frames
    for sentence, (first, end) in enumerate(parse.sentences):
        if sum(i in participants.by_token for i in range(first, end)) < 2:
            continue
        for i in range(first, end):
            token = parse.tokens[i]
            if token.pos != "VERB" or i in heads or token.lemma.lower() in _EMPTY:
                continue
            if (token.dep == "advcl" and token.tag == "VB") or "clause" in cues.get(token.lemma.lower(), ()):
                continue
            predicate = verb_predicate(parse, i)
            if any(excluded(entry, predicate) for entry in book.entries.get(("v", predicate.lemma), ())):
                continue
            sources = participants.of_all(predicate.subjects) or participants.of_all(predicate.fallback)
            if not sources:
                continue
            targets, _ = participants.target(_ANYWHERE, predicate, tuple(sources))
            own = {participants.country(a) or a for a in sources}
            targets = [a for a in targets if (participants.country(a) or a) not in own]
            modality = modality_of(predicate)
            if (
                not targets
                or modality in {"denied", "conditional"}
                or any((sentence, s, t) in spoken for s in sources for t in targets)
            ):
                continue
            spoken |= {(sentence, s, t) for s in sources for t in targets}
            pairs.append(
                Candidate(
                    predicate=predicate,
                    name=UNKNOWN,
                    mode=None,
                    cameo=None,
                    contexts=(),
                    sources=tuple(sources),
                    targets=tuple(targets),
                    modality=modality,
                    evidence=[*predicate.scope],
                    strength=1,
                )
            )
    return pairs

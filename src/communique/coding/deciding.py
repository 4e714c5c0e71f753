"""The last word on an event's class: the lexicon where it is sure, else lexicon and learned classifier together."""

import numpy as np
from numpy.typing import NDArray

from communique.coding.candidates import Candidate
from communique.coding.classifier import NONE, Classifier, load_classifier
from communique.coding.codebook import Codebook
from communique.coding.encoder import Sentence, encoder_log_probabilities
from communique.coding.features import blanked
from communique.coding.pairs import UNKNOWN
from communique.coding.participants import Participants
from communique.parsing.parse import Parse
from communique.records import Span

# fitted by cross-validation (docs/events.md): weights of the two models' log probabilities, and what a row of the
# lexicon adds to its class
LINEAR_WEIGHT = 0.375
ENCODER_WEIGHT = 0.625
LEXICON_BONUS = 1.25
UNSURE_BONUS = 0.6  # from a row that found only one of the two actors
SURE = 3  # strength from which the models are not asked
ACCEPT = 0.8  # probability from which a deed without a lexicon row is coded
DISCARD = 0.5  # probability of NONE from which a weak lexicon row is not believed
OVERRULE = 0.5  # probability from which the models' class stands against that of a weak row; below, nothing does
LEAST = {1: 0.5, 2: 0.25}  # probability below which a deed by a row of that strength is not coded


def learned_scores(sentences: list[Sentence], model: Classifier) -> NDArray[np.float64]:
    """Log probability of each of the model's classes by both learned models; by the linear one where it is alone.

    Args:
        sentences: text, spans of the source, spans of the target.
    """
    linear = model.log_probabilities([blanked(*sentence) for sentence in sentences])
    encoded = encoder_log_probabilities(sentences, model.classes)
    if encoded is None:
        return linear.astype(np.float64)
    return LINEAR_WEIGHT * linear.astype(np.float64) + ENCODER_WEIGHT * encoded


def decide(candidates: list[Candidate], parse: Parse, participants: Participants, book: Codebook) -> list[Candidate]:
    """Candidates with their classes settled; those that the classifier takes for nothing are left out.

    A codebook of the user's own has no learned classifier; its lexicon stands alone.
    """
    model = load_classifier() if book.learned else None
    if model is None:
        return [c for c in candidates if c.name != UNKNOWN]
    asked = [c for c in candidates if c.act == "deed" and c.strength < SURE and c.sources and c.targets]
    if not asked:
        return [c for c in candidates if c.name != UNKNOWN]
    scores = learned_scores([marked_sentence(c, parse, participants) for c in asked], model)
    dropped: set[int] = set()
    for candidate, row in zip(asked, scores, strict=True):
        if not _settled(candidate, row, model, book):
            dropped.add(id(candidate))
    return [c for c in candidates if id(c) not in dropped and c.name != UNKNOWN]


def _settled(candidate: Candidate, row: NDArray[np.float64], model: Classifier, book: Codebook) -> bool:
    """Set a candidate's class and confidence; false where it is no event."""
    scores = row.copy()
    if candidate.name != UNKNOWN:
        scores[model.classes.index(candidate.name)] += LEXICON_BONUS
    scores -= np.logaddexp.reduce(scores)
    best = model.classes[int(scores.argmax())]
    sure = float(np.exp(scores.max()))
    if candidate.name == UNKNOWN:
        if best == NONE or sure < ACCEPT:
            return False
    else:
        nothing = np.exp(scores[model.classes.index(NONE)]) > DISCARD
        if nothing or sure < LEAST[candidate.strength] or (best != candidate.name and sure < OVERRULE):
            return False
    if best not in {candidate.name, NONE}:
        candidate.name, candidate.mode, candidate.contexts = best, None, ()
        candidate.cameo = book.classes[best].cameo
    candidate.confidence = round(min(0.95, max(0.2, sure * (0.8 if candidate.strength == 1 else 0.9))), 3)
    return True


def marked_sentence(candidate: Candidate, parse: Parse, participants: Participants) -> Sentence:
    """The sentence of a candidate with the spans of its source and target in it, the candidate's own phrases first."""
    sentence = parse.tokens[candidate.predicate.head].sentence
    first, end = parse.sentences[sentence]
    start, stop = parse.sentence_span(sentence)
    near = set(candidate.evidence)

    def places(actors: tuple[str, ...]) -> tuple[Span, ...]:
        found: list[tuple[bool, int, int]] = []
        for i in range(first, end):
            if any(a in actors for a in participants.by_token.get(i, ())):
                token = parse.tokens[i]
                if found and token.start - start - found[-1][2] <= 1:
                    found[-1] = (found[-1][0] and i not in near, found[-1][1], token.end - start)
                else:
                    found.append((i not in near, token.start - start, token.end - start))
        return tuple((s, e) for _, s, e in sorted(found))

    return parse.document.text[start:stop], places(candidate.sources), places(candidate.targets)

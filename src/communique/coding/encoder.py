"""The encoder behind the event classes: MiniLM-L6, its upper layers trained for the task, as an int8 ONNX file.

It reads a sentence with marked source and target and gives the log probability of each class: data/models/events.md.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from communique.coding.features import marked
from communique.data import data_path
from communique.models import open_model
from communique.records import Span

Sentence = tuple[str, tuple[Span, ...], tuple[Span, ...]]
Floats = NDArray[np.float32]


def encoder_log_probabilities(sentences: list[Sentence], classes: tuple[str, ...]) -> Floats | None:
    """Log probability of each class, in the order of `classes`; None where the package was built without the encoder.

    Args:
        sentences: text, spans of the source, spans of the target; the first of each is marked.
        classes: names of classes, all of which the encoder must know.

    Returns:
        Array of shape (sentences, classes).
    """
    model = data_path("models", "events.onnx")
    if not model.exists():
        return None
    run, known = _load(model)
    found = np.array([run(*marked(*sentence)) for sentence in sentences], dtype=np.float32).reshape(-1, len(known))
    found -= found.max(axis=1, keepdims=True)
    found -= np.log(np.exp(found).sum(axis=1, keepdims=True))
    return found[:, [known.index(name) for name in classes]]


@cache
def _load(model: Path) -> tuple[Callable[[str, int, int], Floats], tuple[str, ...]]:
    described = json.loads(model.with_suffix(".json").read_text(encoding="utf8"))
    session, tokenizer = open_model(model)
    tokenizer.enable_truncation(described["limit"])

    # One sentence a run: what it is given does not depend on its neighbours (int8 activations are scaled over all that
    # runs together), and nothing is padded.
    def run(text: str, source: int, target: int) -> Floats:
        encoding = tokenizer.encode(text)
        # a mark that is absent, or was cut off, points at [CLS]
        places = [(encoding.char_to_token(place) or 0) if place >= 0 else 0 for place in (source, target)]
        inputs = {"input_ids": [encoding.ids], "source": places[:1], "target": places[1:]}
        return cast("Floats", session.run(None, {k: np.array(v, dtype=np.int64) for k, v in inputs.items()})[0][0])

    return run, tuple(described["classes"])

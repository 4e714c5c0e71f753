"""The encoder behind the event classes: MiniLM-L6, its upper layers trained for the task, as an int8 ONNX file.

It reads a sentence with marked source and target and gives the log probability of each class: data/models/events.md.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from communique.coding.features import marked
from communique.data import data_path
from communique.records import Span
from communique.settings import load_settings

BATCH = 16
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
    found = np.zeros((len(sentences), len(known)), dtype=np.float32)
    texts = [marked(*sentence) for sentence in sentences]
    order = sorted(range(len(texts)), key=lambda n: len(texts[n][0]))
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        found[batch] = run([texts[n] for n in batch])
    found -= found.max(axis=1, keepdims=True)
    found -= np.log(np.exp(found).sum(axis=1, keepdims=True))
    return found[:, [known.index(name) for name in classes]]


@cache
def _load(model: Path) -> tuple[Callable[[list[tuple[str, int, int]]], Floats], tuple[str, ...]]:
    import onnxruntime
    from tokenizers import Tokenizer

    described = json.loads(model.with_suffix(".json").read_text(encoding="utf8"))
    tokenizer = Tokenizer.from_file(str(model.with_name("tokenizer.json")))
    tokenizer.enable_truncation(described["limit"])
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = load_settings().threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def run(batch: list[tuple[str, int, int]]) -> Floats:
        encodings = tokenizer.encode_batch([text for text, _, _ in batch])
        width = max(len(e.ids) for e in encodings)
        ids = np.zeros((len(batch), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        places = np.zeros((2, len(batch)), dtype=np.int64)
        for row, (encoding, (_, source, target)) in enumerate(zip(encodings, batch, strict=True)):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
            for side, place in enumerate((source, target)):
                # a mark that is absent, or was cut off, points at [CLS]
                places[side, row] = (encoding.char_to_token(place) or 0) if place >= 0 else 0
        inputs = {"input_ids": ids, "attention_mask": mask, "source": places[0], "target": places[1]}
        return np.asarray(session.run(None, inputs)[0], dtype=np.float32)

    return run, tuple(described["classes"])

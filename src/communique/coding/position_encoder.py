"""The encoder that reads positions out of a sentence: MiniLM-L6 trained for the task, as an int8 ONNX file.

It gives how sure it is of each kind and issue, and for every word who holds a position and whom one is directed at:
data/models/positions.md.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from communique.data import data_path
from communique.models import open_model
from communique.records import Span

Floats = NDArray[np.float32]
HOLDER, TARGET, FIRST_KIND = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Reading:
    """Probabilities between 0 and 1 that a sentence states a position of each kind and on each issue.

    offsets: characters of each word piece; roles: array of shape (pieces, 2 + kinds): that the piece names a holder,
    a target, and the holder of a position of each kind.
    """

    kinds: dict[str, float]
    issues: dict[str, float]
    offsets: tuple[Span, ...]
    roles: Floats

    def role(self, start: int, end: int) -> Floats:
        """Mean of the roles of the pieces in characters [start, end) of the sentence; zeros where there are none."""
        inside = [n for n, (a, b) in enumerate(self.offsets) if a < end and b > start and b > a]
        return self.roles[inside].mean(axis=0) if inside else np.zeros(self.roles.shape[1], dtype=np.float32)


def read_sentence(text: str) -> Reading | None:
    """What the encoder reads in one sentence; None where the package was built without it."""
    run = _load()
    return run(text) if run is not None else None


@cache
def _load() -> Callable[[str], Reading] | None:
    model = data_path("models", "positions.onnx")
    if not model.exists():
        return None
    described = json.loads(model.with_suffix(".json").read_text(encoding="utf8"))
    kinds, issues = described["kinds"], described["issues"]
    session, tokenizer = open_model(model)
    tokenizer.enable_truncation(described["limit"])

    # one sentence a run, as in coding/encoder.py; sentences come again in copies and as quotations
    @lru_cache(maxsize=512)
    def run(text: str) -> Reading:
        encoding = tokenizer.encode(text)
        found = session.run(None, {"input_ids": np.array([encoding.ids], dtype=np.int64)})
        by_kind, by_issue, roles = (_probabilities(scores[0]) for scores in found)
        return Reading(
            dict(zip(kinds, by_kind.tolist(), strict=True)),
            dict(zip(issues, by_issue.tolist(), strict=True)),
            tuple(encoding.offsets),
            roles,
        )

    return run


def _probabilities(logits: Floats) -> Floats:
    return (1 / (1 + np.exp(-logits))).astype(np.float32)

"""The learned event classifier: class of what one marked actor does to another, by a linear model over n-grams.

Weights are 8-bit integers with one scale a class; see data/models/events.md for how they were trained and measured.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from communique.coding.features import counts
from communique.data import data_path
from communique.errors import DataError

NONE = "NONE"
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Classifier:
    """keys: hashed n-grams, sorted; idf: their weights as terms; weights: a row a key, a column a class."""

    classes: tuple[str, ...]
    keys: NDArray[np.uint32]
    idf: Floats
    weights: NDArray[np.int8]
    scales: Floats
    bias: Floats

    def log_probabilities(self, texts: list[str]) -> Floats:
        """Log probability of each class.

        Args:
            texts: sentences with their actors blanked (`features.blanked`).

        Returns:
            Array of shape (texts, classes).
        """
        found = np.zeros((len(texts), len(self.classes)), dtype=np.float32)
        for row, text in enumerate(texts):
            found[row] = self._scores(counts(text))
        found -= found.max(axis=1, keepdims=True)
        return np.asarray(found - np.log(np.exp(found).sum(axis=1, keepdims=True)), dtype=np.float32)

    def _scores(self, terms: dict[int, int]) -> Floats:
        keys = np.fromiter(terms, dtype=np.uint32, count=len(terms))
        times = np.fromiter(terms.values(), dtype=np.float32, count=len(terms))
        places = np.searchsorted(self.keys, keys)
        places[places == len(self.keys)] = 0
        known = self.keys[places] == keys
        rows = places[known]
        values = normalised((1.0 + np.log(times[known])) * self.idf[rows], self.keys[rows])
        return np.asarray(values @ self.weights[rows].astype(np.float32) * self.scales + self.bias)


def normalised(values: Floats, keys: NDArray[np.uint32]) -> Floats:
    """Term weights with the words' and the characters' parts brought to length 1 each."""
    found = values.copy()
    for odd in (0, 1):
        part = keys % 2 == odd
        norm = float(np.sqrt((values[part] ** 2).sum()))
        if norm:
            found[part] /= norm
    return found


@cache
def load_classifier(path: Path | None = None) -> Classifier | None:
    """The packaged classifier, or None where the package was built without one.

    Raises:
        DataError: the file is not one that training/train_events.py wrote.
    """
    file = path or data_path("models", "events.npz")
    if not file.exists():
        return None
    try:
        with np.load(file) as stored:
            return Classifier(
                classes=tuple(str(c) for c in stored["classes"]),
                keys=stored["keys"],
                idf=stored["idf"].astype(np.float32),
                weights=stored["weights"],
                scales=stored["scales"].astype(np.float32),
                bias=stored["bias"].astype(np.float32),
            )
    except (KeyError, ValueError, OSError) as error:
        raise DataError(f"{file}: is no event classifier ({error}); train one with training/train_events.py") from error

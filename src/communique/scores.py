"""Precision, recall and F1, for every evaluation the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """Counts: `right` of those `found` and of those `expected`.

    Nothing found where nothing is expected is right (1.0); a share of nothing is 0.0 otherwise.
    """

    right: int
    found: int
    expected: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return _share(self.right, self.found, self.expected)

    @property
    def recall(self) -> float:
        """Share of what was expected that was found."""
        return _share(self.right, self.expected, self.found)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _share(2 * self.right, self.found + self.expected, 0)


def _share(part: int, whole: int, other: int) -> float:
    return part / whole if whole else float(not other)

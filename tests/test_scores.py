"""Precision, recall and F1 where something is missing."""

import pytest

from communique.scores import Score


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((3, 4, 6), (0.75, 0.5, 0.6)),
        ((0, 0, 0), (1.0, 1.0, 1.0)),  # nothing to find, nothing found: right
        ((0, 0, 5), (0.0, 0.0, 0.0)),
        ((0, 5, 0), (0.0, 0.0, 0.0)),
    ],
)
def test_shares(counts: tuple[int, int, int], expected: tuple[float, float, float]) -> None:
    score = Score(*counts)
    assert (score.precision, score.recall, score.f1) == pytest.approx(expected)

"""Discourse networks: the definitions of the Discourse Network Analyzer on a debate small enough to count by hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from archive_records import report
from communique.analysis.networks import KINDS, load_agreement, network, one_mode, two_mode
from communique.archive import Archive, open_archive
from communique.errors import InputError
from communique.records import PositionKind

# Two issues. A: for the first twice, against the second once. B: for the first once, for the second once.
# C: against the first once and for it once (he changed his mind).
X = np.array([[[0, 2], [1, 0]], [[0, 1], [0, 1]], [[1, 1], [0, 0]]], dtype=float)


@pytest.mark.parametrize(
    ("agreement", "normalization", "ab", "ac", "bc"),
    [
        ("ignore", "no", 2 * 1 + 1 * 1, 2 * 2, 1 * 2),
        ("congruence", "no", 2, 2, 1),
        ("conflict", "no", 1, 2, 1),
        ("subtract", "no", 1, 0, 0),
        ("congruence", "average", 2 / 2.5, 2 / 2.5, 1 / 2),
        ("congruence", "cosine", 2 / (3 * 2), 2 / (3 * 2), 1 / (2 * 2)),
        # A alone: against the second (1). B alone: for the second (1). Both: 2 * 1.
        ("congruence", "jaccard", 2 / (1 + 1 + 2), 2 / (1 + 1 + 2), 1 / (1 + 1 + 1)),
    ],
)
def test_one_mode(agreement: str, normalization: str, ab: float, ac: float, bc: float) -> None:
    weights = one_mode(X, agreement, normalization)
    assert weights == pytest.approx(np.array([[0, ab, ac], [ab, 0, bc], [ac, bc, 0]]))


@pytest.mark.parametrize(
    ("agreement", "normalization", "expected"),
    [
        ("ignore", "no", [[2, 1], [1, 1], [2, 0]]),
        ("subtract", "no", [[2, -1], [1, 1], [0, 0]]),
        ("combine", "no", [[1, 2], [1, 1], [3, 0]]),  # 1 for, 2 against, 3 both
        ("subtract", "activity", [[2 / 3, -1 / 3], [1 / 2, 1 / 2], [0, 0]]),
        ("ignore", "prominence", [[2 / 5, 1 / 2], [1 / 5, 1 / 2], [2 / 5, 0]]),
    ],
)
def test_two_mode(agreement: str, normalization: str, expected: list[list[float]]) -> None:
    assert two_mode(X, agreement, normalization) == pytest.approx(np.array(expected, dtype=float))


@settings(max_examples=60, deadline=None)
@given(arrays(float, (4, 3, 2), elements=st.integers(0, 3)))
def test_congruence_and_conflict_add_up(x: np.ndarray) -> None:  # type: ignore[type-arg]
    total = one_mode(x, "congruence") + one_mode(x, "conflict")
    assert np.allclose(total, one_mode(x, "ignore"))
    assert np.allclose(one_mode(x, "subtract", "jaccard"), one_mode(x, "subtract", "jaccard").T)
    assert (one_mode(x, "congruence", "jaccard") <= 1).all()


def test_every_kind_of_position_has_a_side_or_none() -> None:
    assert set(load_agreement()) == set(PositionKind.__args__)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    kept = open_archive(tmp_path_factory.mktemp("networks") / "a")
    kept.add(
        [
            report("d1", "2024-01-05", stance="opposition"),
            report("d2", "2024-01-06", speaker="NOR/mfa", stance="refusal"),
            report("d3", "2024-02-05", speaker="PER", addressee="NOR", stance="support"),
            report("d4", "2024-02-06", speaker="FJI", stance="opposition"),
            report("d5", "2024-02-07", speaker="FJI", stance="claim", issue="fisheries"),
            report("d6", "2024-02-06", speaker="FJI", stance="opposition", duplicate_of="d4"),
        ]
    )
    return kept


def ties(archive: Archive, **asked: object) -> dict[tuple[str, str], float]:
    found = network(archive, **asked)  # type: ignore[arg-type]
    return {(e.source, e.target): e.weight for e in found.edges}


def test_actors_and_issues(archive: Archive) -> None:
    assert ties(archive) == {("NOR", "issue/whaling"): -2, ("PER", "issue/whaling"): 1, ("FJI", "issue/whaling"): -1}
    assert ties(archive, agreement="ignore")["FJI", "issue/fisheries"] == 1  # a claim takes no side, but is said
    assert ties(archive, level="actor")["NOR/mfa", "issue/whaling"] == -1
    assert ties(archive, duplicates="month")["NOR", "issue/whaling"] == -1
    assert ties(archive, start="2024-02-01", end="2024-02-05") == {("PER", "issue/whaling"): 1}


def test_actors_among_themselves(archive: Archive) -> None:
    assert ties(archive, kind="actor-actor") == {("FJI", "NOR"): 2}
    assert ties(archive, kind="actor-actor", agreement="conflict") == {("FJI", "PER"): 1, ("NOR", "PER"): 2}
    assert ties(archive, kind="actor-actor", agreement="conflict", duplicates="acrossrange")["NOR", "PER"] == 1


def test_issues_among_themselves(archive: Archive) -> None:
    assert ties(archive, kind="issue-issue", agreement="ignore") == {("issue/fisheries", "issue/whaling"): 1}


def test_nodes_carry_names_and_isolates_stay_if_asked(archive: Archive) -> None:
    nodes = {n.id: n for n in network(archive, "actor-actor").nodes}
    assert set(nodes) == {"FJI", "NOR"}
    assert (nodes["NOR"].name, nodes["NOR"].country, nodes["NOR"].positions) == ("Norway", "NOR", 2)
    assert {n.id for n in network(archive, "actor-actor", isolates=True).nodes} == {"FJI", "NOR", "PER"}


@pytest.mark.parametrize(
    "settings_",
    [
        {"kind": "actor-place"},
        {"kind": "actor-issue", "agreement": "congruence"},
        {"kind": "actor-actor", "normalization": "activity"},
        {"duplicates": "never"},
    ],
)
def test_settings_that_do_not_go_together(archive: Archive, settings_: dict[str, str]) -> None:
    with pytest.raises(InputError, match="use one of"):
        network(archive, **settings_)  # type: ignore[arg-type]


def test_an_archive_without_positions_gives_an_empty_network(tmp_path: Path) -> None:
    for kind in KINDS:
        found = network(open_archive(tmp_path / "a"), kind)  # type: ignore[arg-type]
        assert (found.nodes, found.edges) == ((), ())

"""Coding on a Ray cluster: the same rows as here, and a finished shard is not done again."""

import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from communique.archive import open_archive
from communique.reading import read_items
from communique.running.adding import add
from communique.running.cluster import _note, _noted, add_on_cluster

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="needs Ray: pip install 'communique[ray]' (not part of [all])"
)


def test_a_finished_shard_is_noted_in_the_archive(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a")
    assert not _noted(archive, "x.json")
    _note(archive, "x.json", "texts.jsonl")
    _note(archive, "y.json", "more.jsonl")
    assert _noted(archive, "x.json")
    assert json.loads((tmp_path / "a" / "shards" / "x.json").read_text()) == {"shard": "texts.jsonl"}


@pytest.fixture
def lose_node() -> Iterator[Callable[[], None]]:
    """A Ray of two nodes of one core on this machine, and what takes one of them away, once."""
    import ray
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    nodes = [made.add_node(num_cpus=1)]
    ray.init(address=made.address, log_to_driver=False)
    yield lambda: made.remove_node(nodes.pop(), allow_graceful=False) if nodes else None
    ray.shutdown()
    made.shutdown()


@needs_ray
def test_same_rows_as_here_though_a_node_is_lost_and_nothing_done_twice(
    tmp_path: Path, lose_node: Callable[[], None]
) -> None:
    shards = []
    for shard in range(2):
        path = tmp_path / f"shard{shard}.jsonl"
        rows = [
            {
                "id": f"{shard}-{n}",
                "published": "2024-03-05",
                "text": f"Norway urged Peru to lift ban number {n}{shard} on salt.",
            }
            for n in range(6)
        ]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        shards.append(str(path))
    here, there = open_archive(tmp_path / "here"), open_archive(tmp_path / "there")
    add(read_items(shards), here, workers=1)
    first = add_on_cluster(shards, there, wave=6, report=lambda progress: lose_node() if progress.done > 2 else None)
    assert first.done == 12
    assert list(there.records()) == list(here.records())
    assert add_on_cluster(shards, there).done == 0

"""`python -m benchmarks.archive`: counting over ten million statements, and what share of adding is storing.

The archive is generated (see `benchmarks.page`), with a signature for each document, so that looking for near copies
costs what it would. Every measurement is a process of its own that prints its peak memory.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from benchmarks.generated import documents
from benchmarks.page_archive import A_DOCUMENT, write
from communique.analysis.dyads import dyad
from communique.archive import open_archive
from communique.archive.compacting import compact, merge_alike
from communique.archive.log import new_batch
from communique.archive.schema import TABLES
from communique.running.adding import add
from communique.running.pipeline import code_document

RUNS_A_DOCUMENT = 220  # of 450 words
A_FILE = 50_000


def made(folder: str, statements: str) -> None:
    """The archive, as many batches brought it."""
    write(Path(folder), int(statements))
    archive = open_archive(folder)
    many = round(int(statements) / A_DOCUMENT)
    batch, files = new_batch(), []
    for part, first in enumerate(range(0, many, A_FILE)):
        rows = duckdb.execute(
            "SELECT d AS record, 'doc-' || d AS document, list_transform(range(?), lambda i: "
            "(hash(d, i) & 4294967295)::UINTEGER) AS runs FROM range(?, ?) t(d)",
            [RUNS_A_DOCUMENT, first, min(first + A_FILE, many)],
        ).to_arrow_table()
        files.append(archive.storage.write("signatures", batch, rows.cast(TABLES["signatures"]), part))
    archive.log.commit(archive.log.snapshot(), batch, "add", files)


def merged(folder: str) -> None:
    """Batches of like size made one, as adding does as they come."""
    archive, many = open_archive(folder, create=False), 0
    while found := merge_alike(archive):
        many += found
    print(json.dumps({"batches": many}))


def compacted(folder: str) -> None:
    """The same in few files, in order of countries."""
    print(json.dumps({"files": compact(open_archive(folder, create=False)).after}))


def counted(folder: str) -> None:
    """What China and the United States say and do to each other, by month."""
    archive = open_archive(folder, create=False)
    began = time.perf_counter()
    archive.ask("SELECT 1")
    opened = time.perf_counter() - began
    seconds = []
    for _ in range(6):
        began = time.perf_counter()
        rows = dyad(archive, "CHN", "USA", by="month")
        seconds.append(time.perf_counter() - began)
    straight = archive.ask(
        "SELECT count(*) FROM statements WHERE source_country = 'CHN' AND list_contains(addressee_countries, 'USA') "
        "OR source_country = 'USA' AND list_contains(addressee_countries, 'CHN')"
    )
    counted, there = sum(rows["statements"].to_pylist()), straight.column(0)[0].as_py()
    assert counted == there > 0, (counted, there)
    print(json.dumps({"opened": opened, "first": seconds[0], "again": median(seconds[1:])}))


def added(folder: str, count: int = 100) -> None:
    """`communique add --workers 1`, what the archive itself takes timed apart."""
    archive = open_archive(folder)
    texts = list(documents(count, duplicates=0.2))
    code_document(texts[0])
    spent = {"known": 0.0, "mark_duplicates": 0.0, "add": 0.0}

    def timed(name: str) -> Callable[..., Any]:
        call = getattr(archive, name)

        def measured(*given: Any, **more: Any) -> Any:
            began = time.perf_counter()
            try:
                return call(*given, **more)
            finally:
                spent[name] += time.perf_counter() - began

        return measured

    for name in spent:
        setattr(archive, name, timed(name))
    began = time.perf_counter()
    add(iter(texts), archive, workers=1)
    print(json.dumps({"whole": time.perf_counter() - began, **spent}))


STEPS: dict[str, Callable[..., None]] = {
    "made": made, "merged": merged, "compacted": compacted, "counted": counted, "added": added
}  # fmt: skip


def measured(step: str, *given: str) -> dict[str, float]:
    """One step in a process of its own: what it prints, its seconds and its peak_mb."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.archive", "--step", step, *given], capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{step}: {done.stderr.strip()}")
    found: dict[str, float] = {"seconds": time.perf_counter() - began}
    for line in done.stdout.splitlines():
        found |= json.loads(line)
    return found


@contextmanager
def place(given: str | None) -> Iterator[str]:
    """A folder that is given, or one that goes afterwards."""
    if given:
        yield given
    else:
        with TemporaryDirectory(dir="/tmp") as folder:
            yield f"{folder}/archive"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive", description=__doc__)
    parser.add_argument("--statements", type=int, default=10_000_000)
    parser.add_argument("--folder", help="where to make the archive, or where one made before is")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        STEPS[given.step[0]](*given.step[1:])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({"peak_mb": peak / 1024}))
        return
    print("| adding 100 documents of 450 words, every fifth a near copy | seconds | known already? | near copies |"
          " writing | in all |\n|---|---|---|---|---|---|")  # fmt: skip
    with place(None) as folder:
        _print_added("to an empty archive", folder)
    with place(given.folder) as folder:
        if not Path(folder).exists():
            m = measured("made", folder, str(given.statements))
            print(f"| ({given.statements:,} statements made in {m['seconds']:,.0f} s) |", flush=True)
        before = measured("counted", folder)
        merging = measured("merged", folder)
        between = measured("counted", folder)
        _print_added(f"to one of {given.statements:,} statements", folder)
        m = measured("compacted", folder)
        after = measured("counted", folder)
        print("\n| CHN and USA by month | opening, s | first, s | again, s | peak memory |\n|---|---|---|---|---|")
        for name, c in (
            ("as many batches brought it", before),
            ("merged, as adding does", between),
            ("after communique archive compact", after),
        ):
            print(f"| {name} | {c['opened']:.2f} | {c['first']:.2f} | {c['again']:.2f} | {c['peak_mb']:,.0f} MB |")
        print(f"\nmerging {merging['batches']} batches: {merging['seconds']:,.0f} s, {merging['peak_mb']:,.0f} MB")
        print(f"compacting: {m['seconds']:,.0f} s, {m['peak_mb']:,.0f} MB, {m['files']:,.0f} files left")


def _print_added(name: str, folder: str) -> None:
    m = measured("added", folder)
    storing = m["known"] + m["mark_duplicates"] + m["add"]
    cells = [f"{100 * m[step] / m['whole']:.1f} %" for step in ("known", "mark_duplicates", "add")]
    print(f"| {name} | {m['whole']:.1f} | {' | '.join(cells)} | {100 * storing / m['whole']:.1f} % |", flush=True)


if __name__ == "__main__":
    main()

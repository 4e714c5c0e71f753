"""`python -m benchmarks.kills`: kill -9 at 200 random moments while adding, reviewing and compacting.

After every kill the archive is opened anew: each batch must be there whole or not at all, every file that counts must
be readable, and what the killed process had been told was kept must be there. Then the next process goes on with it.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from communique.archive import open_archive
from communique.archive.checking import check_archive
from communique.archive.compacting import compact
from communique.archive.reviews import review
from communique.records import Coder, Content, Document, Record, Statement

A_BATCH = 10
AN_ARCHIVE = 20  # kills, then a new archive


def record(n: int) -> Record:
    """The n-th record."""
    text = f"Round {n} of the talks began at noon. " * (1 + n % 40)
    return Record(
        document=Document(id=f"d{n:07d}", text=text, published="2024-01-01"),
        statements=(Statement(id=f"s{n:07d}", content=Content(spans=((0, 5),)), kind="direct", confidence=0.5),),
        coder=Coder(version="1", codebook="a", registry="b"),
    )


def work(folder: str) -> None:
    """Add, review and compact for ever, telling each batch that is kept."""
    archive = open_archive(folder)
    done = archive.counts()["documents"] // A_BATCH
    print("ready", flush=True)
    while True:
        archive.add(record(done * A_BATCH + n) for n in range(A_BATCH))
        done += 1
        print(done, flush=True)
        if done % 4 == 0:
            review(archive, "statements", f"s{done:07d}", "confirm", "ada")
        if done % 7 == 0:
            compact(archive)


def killed(folder: Path, moment: float) -> int:
    """Batches that a process had been told were kept when it was killed so many seconds after its start."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.kills", "--work", str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    if worker.stdout.readline() != "ready\n":
        raise SystemExit(f"{folder}: the process ended by itself, status {worker.wait()}")
    time.sleep(moment)
    ended = worker.poll()
    os.kill(worker.pid, signal.SIGKILL)
    told = [int(line) for line in worker.stdout.read().split("\n")[:-1]]
    worker.wait()
    if ended is not None:
        raise SystemExit(f"{folder}: the process ended by itself, status {ended}")
    return max(told, default=0)


def faults(folder: Path, told: int) -> list[str]:
    """What is wrong with an archive, in words."""
    archive = open_archive(folder, create=False)
    checked = check_archive(archive)
    counts = archive.counts()
    found = list(checked.damaged)
    if counts["documents"] % A_BATCH or counts["documents"] != counts["statements"]:
        found.append(f"half a batch: {counts}")
    if counts["documents"] < told * A_BATCH:
        found.append(f"{told * A_BATCH} documents were told to be kept, {counts['documents']} are there")
    ids = archive.ask("SELECT count(DISTINCT id) FROM documents").column(0)[0].as_py()
    if ids != counts["documents"]:
        found.append(f"{counts['documents'] - ids} documents twice")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(given.work)
    random, wrong, batches, unused = Random(given.seed), 0, 0, 0
    for first in range(0, given.moments, AN_ARCHIVE):
        with TemporaryDirectory(dir="/tmp") as place:
            folder, told = Path(place) / "archive", 0
            for moment in range(first, min(first + AN_ARCHIVE, given.moments)):
                told = max(told, killed(folder, random.uniform(0, 1.5)))
                for fault in faults(folder, told):
                    wrong += 1
                    print(f"moment {moment}: {fault}", flush=True)
            archive = open_archive(folder, create=False)
            batches += archive.snapshot().seq
            unused += check_archive(archive).unused
        print(f"{min(first + AN_ARCHIVE, given.moments)} kills, {batches} batches, {wrong} faults", flush=True)
    print(f"{unused} files left by killed processes, which nobody reads and compact clears after a day")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()

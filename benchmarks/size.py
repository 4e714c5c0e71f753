"""`python -m benchmarks.size`: one long run of `communique add`: is memory flat, does time grow with the documents?

Prints a row for each tenth of the documents: processor seconds and wall seconds of that tenth, and the memory of all
processes at its end. Short texts let a large number of documents be tried in little time. Reads /proc: Linux only.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

from benchmarks.generated import documents
from communique.archive import open_archive
from communique.running.adding import add
from communique.running.progress import Progress

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


def processes() -> list[Path]:
    """/proc folders of this process and its children."""
    found = [Path("/proc/self")]
    for task in Path("/proc/self/task").iterdir():
        found += [Path("/proc") / child for child in (task / "children").read_text().split()]
    return found


def used() -> tuple[float, float, float]:
    """Processor seconds of all processes so far; resident MB of this process and of the largest worker."""
    seconds = 0.0
    resident = []
    for place in processes():
        try:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
            pages = int((place / "statm").read_text().split()[1])
        except OSError:  # it has ended
            continue
        seconds += (int(fields[11]) + int(fields[12])) / TICKS
        resident.append(pages * PAGE_MB)
    return seconds, resident[0], max(resident[1:], default=0.0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.size", description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=60, help="mean length of a document")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    step = max(1, given.documents // 10)
    print("| documents | coded | words | processor s | wall s | this process | largest worker |\n" + "|---" * 7 + "|")
    before: dict[str, float] = {"done": 0, "seconds": 0.0, "wall": time.perf_counter()}

    def row(progress: Progress) -> None:
        done = progress.coded + progress.passed_over + progress.failed
        if done % step or done == before["done"]:
            return
        before["done"] = done
        seconds, parent, worker = used()
        now = time.perf_counter()
        print(
            f"| {done:,} | {progress.coded:,} | {progress.words:,} | {seconds - before['seconds']:,.0f} | "
            f"{now - before['wall']:,.0f} | {parent:,.0f} MB | {worker:,.0f} MB |",
            flush=True,
        )
        before.update(seconds=seconds, wall=now)

    with tempfile.TemporaryDirectory() as folder:
        archive = open_archive(Path(folder) / "archive")
        add(documents(given.documents, words=given.words), archive, workers=given.workers, report=row)


if __name__ == "__main__":
    main()

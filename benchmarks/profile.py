"""`python -m benchmarks.profile`: where the time goes, by room and by function, sampled by py-spy over all threads.

Documents are coded in one process after the models are loaded and warm. A sample counts for the innermost room that
works on a document of its own accord (parse, tagger, attribution, actors, coding, the rest), so that what spaCy or
onnxruntime do inside a room counts for it. `--flame profile.svg` keeps a flame graph as well.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.generated import documents

# The first function found in a stack, outermost first, gives the room.
ROOMS = {
    "_score_ahead": "tagger",
    "parse_document": "parse (spaCy)",
    "attribute": "attribution",
    "resolve": "actors",
    "code_events": "coding: events",
    "code_positions": "coding: positions and issues",
    "find_phrases": "coding: phrases",
    "code": "coding: the rest",
}
_FRAME = re.compile(r"^(?P<function>.+) \((?P<file>.+):\d+\)$")


def room_of(frames: list[str]) -> str | None:
    """The room of a stack, outermost frame first; None where no document is being coded."""
    if not any(frame.startswith("measured (") for frame in frames) and "_score_ahead" not in "".join(frames):
        return None
    found = "the rest"
    for frame in frames:
        read = _FRAME.match(frame)
        if read and "communique/" in read["file"]:
            found = ROOMS.get(read["function"].rpartition(".")[2], found)
    return found


def measured(count: int) -> None:
    """What is sampled: documents coded one after the other."""
    from communique.running.pipeline import code_documents

    for _ in code_documents(list(documents(count))):
        pass


def warm() -> None:
    """Load the models and fill the caches."""
    from communique.running.pipeline import code_documents

    for _ in code_documents(list(documents(5, seed=1))):
        pass


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--functions", type=int, default=15, help="how many functions to name")
    parser.add_argument("--flame", type=Path, help="keep a flame graph here (.svg)")
    parser.add_argument("--run", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        warm()
        measured(given.documents)
        return
    command = [sys.executable, "-m", "benchmarks.profile", "--run", "--documents", str(given.documents)]
    with tempfile.TemporaryDirectory() as folder:
        stacks = Path(folder) / "stacks"
        sampled(stacks, "raw", command)
        rooms: Counter[str] = Counter()
        functions: Counter[tuple[str, str]] = Counter()
        for line in stacks.read_text(encoding="utf8").splitlines():
            stack, _, count = line.rpartition(" ")
            frames = stack.split(";")
            room = room_of(frames)
            if room is not None:
                rooms[room] += int(count)
                functions[room, re.sub(r":\d+\)$", ")", frames[-1])] += int(count)
    total = rooms.total()
    print("| room | share of the time |\n|---|---|")
    for room, count in rooms.most_common():
        print(f"| {room} | {count / total:.1%} |")
    print("\n| function itself | in | share |\n|---|---|---|")
    for (room, function), count in functions.most_common(given.functions):
        print(f"| `{function}` | {room} | {count / total:.1%} |")
    if given.flame:
        sampled(given.flame, "flamegraph", command)


def sampled(out: Path, form: str, command: list[str]) -> None:
    """Run a command under py-spy."""
    spy = Path(sys.executable).with_name("py-spy")
    done = subprocess.run(
        [str(spy), "record", "--rate", "200", "--format", form, "--output", str(out), "--", *command],
        capture_output=True,
        text=True,
        env=os.environ | {"COMMUNIQUE_THREADS": "1"},  # as in a worker; also, onnxruntime's own threads are not sampled
    )
    if done.returncode or not out.exists():
        raise SystemExit(f"py-spy failed: {done.stderr.strip().splitlines()[-1:]}")


if __name__ == "__main__":
    main()

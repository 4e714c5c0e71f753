"""`python -m benchmarks`: our pipeline beside spaCy's parse alone and textacy's quotations, on the same texts.

Every measurement is a process of its own, one after the other in one run on one machine, so that ratios hold where
absolute times do not. Times leave out the start of the process and the loading of models, which has rows of its own.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.generated import documents
from communique.records import Document
from communique.settings import Settings

Measure = dict[str, float]


def spacy_parse(texts: list[Document]) -> None:
    """spaCy's default pipeline on the texts."""
    import spacy

    nlp = spacy.load(Settings.spacy_model)
    nlp("Warm up.")
    _timed(texts, lambda: sum(1 for _ in nlp.pipe(d.text for d in texts)))


def textacy_quotations(texts: list[Document]) -> None:
    """The same parse, then textacy's extraction of direct quotations."""
    import spacy

    direct_quotations = import_module("textacy.extract").direct_quotations

    nlp = spacy.load(Settings.spacy_model)
    nlp("Warm up.")
    _timed(texts, lambda: sum(len(list(direct_quotations(doc))) for doc in nlp.pipe(d.text for d in texts)))


def ours(texts: list[Document]) -> None:
    """Whole records with all coders, in one process."""
    from communique.running.pipeline import code_document, code_documents

    code_document(texts[0])
    _timed(texts, lambda: sum(1 for _ in code_documents(texts)))


def added(texts: list[Document], workers: int) -> None:
    """Into an archive, as `communique add` does it; the start of the workers is counted."""
    from communique.archive import open_archive
    from communique.running.adding import add

    with tempfile.TemporaryDirectory() as folder:
        archive = open_archive(Path(folder) / "archive")
        _timed(texts, lambda: add(iter(texts), archive, workers=workers))


def _timed(texts: Iterable[Document], work: Callable[[], Any]) -> None:
    words = sum(len(d.text.split()) for d in texts)
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({"seconds": seconds, "words": words, "peak_mb": max(peaks) / 1024}))


KINDS: dict[str, Callable[[list[Document]], None]] = {
    "spacy": spacy_parse,
    "textacy": textacy_quotations,
    "ours": ours,
    "add1": lambda texts: added(texts, 1),
    "add2": lambda texts: added(texts, 2),
}
NAMES = {
    "spacy": "spaCy, parse alone",
    "textacy": "textacy, direct quotations",
    "ours": "communique, one process",
    "add1": "communique add --workers 1",
    "add2": "communique add --workers 2",
}


def measured(kind: str, count: int, duplicates: float = 0.0) -> Measure:
    """One measurement in a process of its own: seconds, words, peak_mb (of the largest process)."""
    command = [sys.executable, "-m", "benchmarks", "--one", kind, str(count), str(duplicates)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{NAMES[kind]}: {done.stderr.strip().splitlines()[-1:]}")
    found: Measure = json.loads(done.stdout.splitlines()[-1])
    return found


def started(*words: str) -> float:
    """Seconds from calling `communique …` to its end, the best of three."""
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "communique", *words], capture_output=True, check=True)
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--documents", type=int, default=200, help="texts for the comparison (450 words each)")
    parser.add_argument("--largest", type=int, default=1000, help="largest size of the runs from 10 documents on")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        kind, count, share = given.one
        KINDS[kind](list(documents(int(count), duplicates=float(share))))
        return
    print(f"## {given.documents} texts\n\n| | words a second | time beside spaCy's | peak memory |\n|---|---|---|---|")
    base = 0.0
    for kind in KINDS:
        if kind == "textacy" and find_spec("textacy") is None:
            print("| textacy | not installed: pip install textacy | | |")
            continue
        m = measured(kind, given.documents)
        base = base or m["seconds"]
        speed = m["words"] / m["seconds"]
        print(f"| {NAMES[kind]} | {speed:,.0f} | {m['seconds'] / base:.2f} | {m['peak_mb']:,.0f} MB |", flush=True)
    print(
        "\n## Size (communique add --workers 2)\n\n"
        "| documents | seconds | words a second | peak memory |\n|---|---|---|---|"
    )
    size = 10
    while size <= given.largest:
        m = measured("add2", size)
        speed = m["words"] / m["seconds"]
        print(f"| {size:,} | {m['seconds']:,.1f} | {speed:,.0f} | {m['peak_mb']:,.0f} MB |", flush=True)
        size *= 10
    print(
        "\n## Near copies (communique add --workers 2)\n\n| share | documents a second | beside none |\n|---|---|---|"
    )
    none = 0.0
    for share in (0.0, 0.3, 0.5, 0.6):
        speed = given.documents / measured("add2", given.documents, share)["seconds"]
        none = none or speed
        print(f"| {share:.0%} | {speed:,.1f} | {speed / none:.2f} |", flush=True)
    sample = next(Path("src/communique/data/samples").glob("2024-03*.txt"))
    print("\n## Start\n\n| command | seconds |\n|---|---|")
    print(f"| communique --help | {started('--help'):.2f} |")
    print(f"| communique code, one article | {started('code', str(sample)):.2f} |")


if __name__ == "__main__":
    main()

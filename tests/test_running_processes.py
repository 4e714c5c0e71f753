"""Worker processes: same records, same order; failures set aside, crashes made up for, nothing left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.errors import CommuniqueError, DataError, MissingPartError
from communique.reading import Failure
from communique.records import Coder, Document, Record
from communique.running.batches import batches
from communique.running.processes import code_all

CODER = Coder(version="0", codebook="0", registry="0")


def _document(n: int, text: str = "Talks began.") -> Document:
    return Document(id=f"d{n}", text=text)


def stand_in(document: Document) -> Record:
    """A coder whose behaviour is told by the text."""
    match document.text.split(":"):
        case ["fail"]:
            raise ValueError("no sense in it")
        case ["die"]:
            os._exit(9)
        case ["missing"]:
            raise MissingPartError("the model is not installed")
        case ["codebook"]:
            raise DataError("own.tsv: line 2: is not installed")
        case ["wait", seconds]:
            time.sleep(float(seconds))
        case ["mark", path]:
            Path(path).write_text(str(os.getpid()))
    return Record(document=document, coder=CODER)


def _ids(results: Iterator[Record | Failure]) -> list[str]:
    return [r.document.id if isinstance(r, Record) else "!" + r.source for r in results]


def test_two_processes_give_what_one_gives_in_the_same_order() -> None:
    items: list[Document | Failure] = [_document(n, "word " * (n * 37 % 500 + 1)) for n in range(400)]
    items[7] = _document(7, "fail")
    items[9] = Failure("x.txt", "x.txt: empty")
    one = list(code_all(items, workers=1, code=stand_in))
    assert list(code_all(items, workers=2, code=stand_in)) == one
    assert one[7] == Failure("d7", "d7: not coded (ValueError: no sense in it)")
    assert one[9] == items[9] and len(one) == 400


def test_a_document_that_takes_its_worker_down_is_set_aside_and_the_rest_is_coded() -> None:
    items = [_document(n, "die" if n == 70 else "Talks began.") for n in range(200)]
    expected = [f"d{n}" for n in range(200)]
    expected[70] = "!d70"
    assert _ids(code_all(items, workers=2, code=stand_in)) == expected


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("fault", ["missing", "codebook"])
def test_a_missing_model_and_a_bad_codebook_are_told_at_once(fault: str, workers: int) -> None:
    with pytest.raises(CommuniqueError, match="not installed"):
        list(code_all([_document(0, fault)], workers=workers, code=stand_in))


def test_input_is_read_no_further_than_the_work_needs() -> None:
    read = 0

    def endless() -> Iterator[Document]:
        nonlocal read
        while True:
            read += 1
            yield _document(read, "word " * 2000)

    results = code_all(endless(), workers=2, code=stand_in)
    assert _ids(next(results) for _ in range(30)) == [f"d{n}" for n in range(1, 31)]
    assert read < 30 + 7 * 12
    results.close()  # type: ignore[attr-defined]


def test_left_early_no_process_stays(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits none
    items = [_document(0, f"mark:{mark}"), *(_document(n, "wait:60") for n in range(1, 200))]
    results = code_all(items, workers=2, code=stand_in)
    began = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            for _ in _interrupted(results, mark):
                pass
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - began < 20
    assert _gone(int(mark.read_text()))


def _interrupted(results: Iterator[Record | Failure], mark: Path) -> Iterator[Record | Failure]:
    """Ctrl-C in the main process as soon as a worker has begun."""

    def press() -> None:
        while not mark.exists():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press, daemon=True).start()
    yield from results


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    script = tmp_path / "run.py"
    script.write_text(
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from test_running_processes import _document, stand_in\n"
        "from communique.running.processes import code_all\n"
        "if __name__ == '__main__':\n"
        "    items = [_document(0, 'mark:' + sys.argv[2]), *(_document(n, 'wait:60') for n in range(1, 99))]\n"
        "    list(code_all(items, workers=2, code=stand_in))\n"
    )
    parent = subprocess.Popen([sys.executable, script, Path(__file__).parent, mark])
    for _ in range(300):
        if mark.exists() and mark.read_text():
            break
        time.sleep(0.1)
    parent.kill()
    parent.wait()
    assert _gone(int(mark.read_text()))


def _gone(pid: int) -> bool:
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or " Z " in Path(f"/proc/{pid}/stat").read_text():
            return True
        time.sleep(0.1)
    return False


@given(st.lists(st.integers(1, 300), max_size=60), st.integers(1, 500), st.integers(1, 9))
def test_batches_keep_order_and_bounds(lengths: list[int], characters: int, documents: int) -> None:
    items = [_document(n, "x" * length) for n, length in enumerate(lengths)]
    made = list(batches(items, characters, documents))
    assert [d for batch in made for d in batch] == items
    for batch in made:
        assert 1 <= len(batch) <= documents
        assert len(batch) == 1 or sum(len(d.text) for d in batch if isinstance(d, Document)) <= characters

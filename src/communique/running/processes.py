"""Many documents on all cores: worker processes that load the models once, results in the order of the input.

At most two batches a worker are under way, so that neither input nor output piles up. A document that cannot be coded
is set aside with its reason; one that takes its worker down (out of memory) too, and the work of the others is done
again. Processes are spawned, not forked: a fork would copy the locks of threads that models have started.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self

from communique.errors import DataError, MissingPartError
from communique.reading import Failure
from communique.records import Document, Record
from communique.running.batches import batches

Result = Record | Failure
Code = Callable[[Document], Record]
_UNDER_WAY = 2


def code_all(
    items: Iterable[Document | Failure], workers: int | None = None, code: Code | None = None
) -> Iterator[Result]:
    """Code documents; records and failures come in the order of the input. Arguments as for `Workers`."""
    with Workers(workers, code) as crew:
        yield from crew.code_all(items)


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def default_code(document: Document) -> Record:
    """The whole pipeline on one document."""
    from communique.running.pipeline import code_document

    return code_document(document)


def code_one(document: Document, code: Code) -> Result:
    """One document, coded or set aside.

    Raises:
        MissingPartError: a model is not installed.
        DataError: a codebook or the registry does not hold together.
    """
    try:
        return code(document)
    except (MissingPartError, DataError):  # no fault of the text
        raise
    except Exception as error:  # whatever one text makes the models raise must not end the run of all others
        name = document.url or document.id
        return Failure(name, f"{name}: not coded ({type(error).__name__}: {error})")


def _code_batch(batch: list[Document | Failure], code: Code) -> list[Result]:
    return [item if isinstance(item, Failure) else code_one(item, code) for item in batch]


def _start_worker() -> None:
    # Ctrl-C goes to the whole group; the parent alone decides what is finished and what is given up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # One thread each: workers that start a thread a core get in one another's way.
    # numpy is not loaded yet here, so that it takes note.
    os.environ.update(COMMUNIQUE_THREADS="1", OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    """End with the parent, also where it was killed and could say nothing."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Workers:
    """Worker processes, kept from one call of `code_all` to the next, and the batches they have under way.

    With workers other than 1, use it under `if __name__ == "__main__":` in scripts, as multiprocessing asks for.
    """

    def __init__(self, workers: int | None = None, code: Code | None = None) -> None:
        """Start nothing yet.

        Args:
            workers: number of processes; None for one a core, 1 for this process alone.
            code: what to do with a document, a function at the top of a module; by default the whole pipeline.
        """
        self.workers = workers or cores()
        self.code = code or default_code
        self._executor: ProcessPoolExecutor | None = None
        self._single: ProcessPoolExecutor | None = None
        self._under_way: deque[tuple[list[Document | Failure], Future[list[Result]]]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for executor in (self._executor, self._single):
            if executor is not None:
                # Left early (Ctrl-C, an error of the caller's): what is under way is given up, at once.
                if self._under_way:
                    for process in list((executor._processes or {}).values()):
                        process.terminate()
                executor.shutdown(wait=not self._under_way, cancel_futures=True)
        self._executor = self._single = None
        self._under_way.clear()

    def code_all(self, items: Iterable[Document | Failure]) -> Iterator[Result]:
        """Code documents; records and failures come in the order of the input.

        Raises:
            MissingPartError: a model is not installed; no document could be coded.
        """
        if self.workers == 1:
            for item in items:
                yield item if isinstance(item, Failure) else code_one(item, self.code)
            return
        for batch in batches(items):
            self._submit(batch)
            if len(self._under_way) >= _UNDER_WAY * self.workers:
                yield from self._next()
        while self._under_way:
            yield from self._next()

    def _start(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _start_worker)

    def _submit(self, batch: list[Document | Failure]) -> None:
        if self._executor is None:
            self._executor = self._start(self.workers)
        try:
            future = self._executor.submit(_code_batch, batch, self.code)
        except BrokenProcessPool:
            future = self._restart().submit(_code_batch, batch, self.code)
        self._under_way.append((batch, future))

    def _next(self) -> list[Result]:
        batch, future = self._under_way[0]
        try:
            results = future.result()
        except BrokenProcessPool:
            # A worker died, and with it all that was under way. Which batch did it is not known: this one is done
            # again document by document in a process of its own, and those behind it as they were.
            self._under_way.popleft()
            self._restart()
            return [item if isinstance(item, Failure) else self._alone(item) for item in batch]
        self._under_way.popleft()
        return results

    def _restart(self) -> ProcessPoolExecutor:
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = executor = self._start(self.workers)
        waiting, self._under_way = self._under_way, deque()
        for batch, future in waiting:
            kept = future.done() and not future.cancelled() and future.exception() is None
            self._under_way.append((batch, future if kept else executor.submit(_code_batch, batch, self.code)))
        return executor

    def _alone(self, document: Document) -> Result:
        if self._single is None:
            self._single = self._start(1)
        try:
            return self._single.submit(code_one, document, self.code).result()
        except BrokenProcessPool:
            self._single = None
            name = document.url or document.id
            return Failure(
                name,
                f"{name}: not coded, its process died ({len(document.text):,} characters; out of memory?); "
                "split the document or use fewer --workers",
            )

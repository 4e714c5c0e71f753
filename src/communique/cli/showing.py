"""How a run is shown on the terminal while it goes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from communique.running.progress import Progress


@contextmanager
def show_progress(progress: "Progress") -> Iterator[Callable[["Progress"], None]]:
    """A bar with documents, words a second, time left and failures; gives what is to be called after each document.

    Nothing is drawn where standard error is no terminal.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        SpinnerColumn(),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}", style="red"),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=progress.total, speed="loading models", failed="")

        def report(progress: "Progress") -> None:
            # What the count did not foresee (several articles in a file) must not make the bar run over.
            total = None if progress.total is None else max(progress.total, progress.done)
            bar.update(
                task,
                completed=progress.done,
                total=total,
                speed=f"{progress.words_per_second:,.0f} words/s" if progress.words else "loading models",
                failed=f"{progress.failed:,} set aside" if progress.failed else "",
            )

        yield report

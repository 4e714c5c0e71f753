"""How far a run is: counted by the loop that runs it, shown by whoever asked."""

import time
from dataclasses import dataclass, field

from communique.reading import Failure
from communique.records import Record


@dataclass
class Progress:
    """Counts of a run so far.

    total: documents expected, None where the input does not tell; coded: documents coded; passed_over: kept but not
    coded (copies, languages that cannot be coded, texts the filter passes over); known: in the archive already;
    failed: set aside; words: of coded documents.
    """

    total: int | None = None
    coded: int = 0
    passed_over: int = 0
    known: int = 0
    failed: int = 0
    words: int = 0
    started: float = field(default_factory=time.monotonic)

    def count(self, result: Record | Failure, coded: bool = True) -> None:
        """Take in one result."""
        if isinstance(result, Failure):
            self.failed += 1
        elif coded:
            self.coded += 1
            self.words += result.document.text.count(" ") + 1
        else:
            self.passed_over += 1

    @property
    def done(self) -> int:
        """Documents that went through, by whatever way."""
        return self.coded + self.passed_over + self.known + self.failed

    @property
    def seconds(self) -> float:
        """Since the start."""
        return max(time.monotonic() - self.started, 1e-9)

    @property
    def words_per_second(self) -> float:
        """Words of coded documents for each second since the start."""
        return self.words / self.seconds

    @property
    def seconds_left(self) -> float | None:
        """At the speed so far; None where the total is unknown or nothing is done yet."""
        if self.total is None or not self.done:
            return None
        return max(0.0, self.total - self.done) * self.seconds / self.done

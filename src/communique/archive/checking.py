"""Whether every file of an archive that counts can be read."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from communique.archive.schema import TABLES
from communique.archive.storage import first_line

if TYPE_CHECKING:
    from communique.archive.store import Archive


@dataclass
class Checked:
    """files and rows that count; damaged: one line a file; unused: files that no batch names."""

    files: int = 0
    rows: int = 0
    damaged: list[str] = field(default_factory=list)
    unused: int = 0


def check_archive(archive: "Archive") -> Checked:
    """Read every file that counts from beginning to end and compare its rows with the log's.

    Raises:
        ArchiveError: the log itself cannot be read.
    """
    snapshot = archive.snapshot()
    found = Checked()
    for table in TABLES:
        place = archive.storage.files(table)
        named = {f.path for b in snapshot.history for f in b.files if f.table == table}
        for file in snapshot.files(table):
            found.files += 1
            try:
                rows = pq.read_table(place.open_input_file(file.path), page_checksum_verification=True).num_rows
                if rows != file.rows:
                    raise OSError(f"{rows} rows, the log says {file.rows}")
                found.rows += rows
            except (pa.ArrowException, OSError) as error:
                found.damaged.append(f"{archive.storage.address(table)}/{file.path}: {first_line(error)}")
        found.unused += len(archive.storage.present(table).keys() - named)
    return found

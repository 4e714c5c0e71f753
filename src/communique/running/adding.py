"""Documents into an archive: what is known is passed over, near copies are kept but not coded, the rest is coded.

Work goes in chunks, each one batch of the archive. A chunk is compared with what the archive holds, so that a run that
was broken off goes on where it stopped, and copies of what an earlier chunk brought are found.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from communique.reading import Failure
from communique.records import Coder, Document, Record
from communique.running.batches import batches
from communique.running.passing import bare_record, is_coded
from communique.running.processes import Code, Workers
from communique.running.progress import Progress

if TYPE_CHECKING:
    from communique.archive.store import Archive

MOST_DOCUMENTS = 500
MOST_CHARACTERS = 3_000_000
Report = Callable[[Progress], None]


def add(
    items: Iterable[Document | Failure],
    archive: "Archive",
    *,
    workers: int | None = None,
    code: Code | None = None,
    coder: Coder | None = None,
    duplicates: bool = True,
    progress: Progress | None = None,
    report: Report = lambda progress: None,
) -> Progress:
    """Code documents and keep their records.

    Args:
        items: documents, and failures, which are kept in the archive with their reasons.
        archive: where to.
        workers: number of processes; None for one a core.
        code: what to do with a document; by default the whole pipeline.
        coder: what `code` is; documents coded by it already are passed over. By default that of the pipeline.
        duplicates: whether to look for near copies.
        progress: counts to go on from.
        report: called after each document.

    Raises:
        KeyboardInterrupt: after what is coded already is in the archive.
        ArchiveError: the archive cannot be written; the chunks before are kept.
        MissingPartError: a model is not installed.
    """
    if coder is None:
        from communique.running.pipeline import coder as pipeline_coder

        coder = pipeline_coder()
    archive.check_writable()
    progress = progress or Progress()
    with Workers(workers, code) as crew:
        for chunk in batches(items, MOST_CHARACTERS, MOST_DOCUMENTS):
            failures = [item for item in chunk if isinstance(item, Failure)]
            documents = unknown([item for item in chunk if isinstance(item, Document)], archive, coder, progress)
            for failure in failures:
                progress.count(failure)
            report(progress)
            if duplicates:
                documents = archive.mark_duplicates(documents)
            _code_chunk(documents, failures, archive, crew, coder, progress, report)
    return progress


def _code_chunk(
    documents: list[Document],
    failures: list[Failure],
    archive: "Archive",
    crew: Workers,
    coder: Coder,
    progress: Progress,
    report: Report,
) -> None:
    records: list[Record] = []
    failed: set[str] = set()
    coding = crew.code_all(d for d in documents if is_coded(d))
    try:
        for document in documents:
            if is_coded(document):
                result = next(coding)
            elif document.duplicate_of in failed:
                # What it is a copy of could not be coded: it takes the other's place.
                (result,) = crew.code_all([document.model_copy(update={"duplicate_of": None})])
            else:
                result = bare_record(document).model_copy(update={"coder": coder})
            progress.count(result, coded=is_coded(result.document) if isinstance(result, Record) else False)
            if isinstance(result, Record):
                records.append(result)
            else:
                failed.add(document.id)
                failures.append(result)
            report(progress)
    finally:
        # Also when interrupted: what is coded is kept.
        if records or failures:
            archive.add(records, failures, batch=max(1, len(records)))


def unknown(documents: list[Document], archive: "Archive", coder: Coder, progress: Progress) -> list[Document]:
    """Documents that are not in the archive as they are, coded as they would be, each once; the others are counted."""
    from communique.archive.adding import Known
    from communique.archive.rows import document_digest

    each = {document.id: document for document in documents}
    there = archive.known(each) if each else {}
    kept = [d for d in each.values() if there.get(d.id) != Known(document_digest(d), coder)]
    progress.known += len(documents) - len(kept)
    return kept

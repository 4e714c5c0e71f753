"""Many documents on a cluster, with Ray Data: shards are read on the nodes, coded in stateful actors, kept in order.

Which documents are known and which are near copies is settled here, in the order of the input, against the archive; so
the result equals that of one machine, row for row. Work goes in waves. A wave that lost a node is made up for by Ray; a
document that is lost with its worker again and again is set aside. A shard whose documents are all in the archive is
noted there and not read again, as long as neither the shard nor the coder changes.
"""

import hashlib
import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from communique.errors import InputError, MissingPartError
from communique.reading import Failure, read_items
from communique.reading.stores import shard_state, shards_of
from communique.records import Coder, Document, Record
from communique.running.adding import MOST_DOCUMENTS, Report, unknown
from communique.running.passing import bare_record, is_coded
from communique.running.processes import Code, Result, code_one, default_code
from communique.running.progress import Progress

if TYPE_CHECKING:
    from communique.archive.store import Archive

# Enough that starting the actors of a wave is little beside its work, and few enough to be held here.
DOCUMENTS_A_CORE = 500
_BATCH = 16
_TRIES = 3


def add_on_cluster(
    sources: Iterable[str],
    archive: "Archive",
    *,
    address: str | None = None,
    published: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    format: str | None = None,
    duplicates: bool = True,
    code: Code | None = None,
    coder: Coder | None = None,
    wave: int | None = None,
    progress: Progress | None = None,
    report: Report = lambda progress: None,
) -> Progress:
    """Code documents on a Ray cluster and keep their records; see `communique.running.adding.add`.

    Args:
        sources: files, folders and object-store addresses that all nodes can read.
        archive: where to; written by this process alone.
        address: of the cluster, as ray.init takes it; None for the one this process is in, or a new local one.
        published: as for `communique.reading.read`; so are encoding, columns and format.
        duplicates: whether to look for near copies.
        code: what to do with a document, importable on the nodes; by default the whole pipeline.
        coder: what `code` is.
        wave: documents a wave; by default 500 a core of the cluster.
        progress: counts to go on from.
        report: called after each document.

    Raises:
        MissingPartError: Ray is not installed.
        InputError: no cluster answers at `address`.
    """
    ray = _connected(address)
    if coder is None:
        from communique.running.pipeline import coder as pipeline_coder

        coder = pipeline_coder()
    progress = progress or Progress()
    shards = [s for source in sources for s in shards_of(source)]
    notes = {s: f"{_digest(s, coder)}.json" for s in shards}
    left = [s for s in shards if not _noted(archive, notes[s])]
    given = {"published": published, "encoding": encoding, "columns": dict(columns or {}), "format": format}
    for items, finished in _waves(_read_on_cluster(ray, left, given), wave or DOCUMENTS_A_CORE * _cores(ray)):
        failures = [item for item in items if isinstance(item, Failure)]
        documents = unknown([item for item in items if isinstance(item, Document)], archive, coder, progress)
        for failure in failures:
            progress.count(failure)
        if duplicates:
            documents = archive.mark_duplicates(documents)
        coded = _code_on_cluster(ray, [d for d in documents if is_coded(d)], code or default_code)
        records: list[Record] = []
        try:
            for document in documents:
                bare = not is_coded(document)
                result = bare_record(document).model_copy(update={"coder": coder}) if bare else next(coded)
                progress.count(result, coded=not bare)
                (records if isinstance(result, Record) else failures).append(result)  # type: ignore[arg-type]
                report(progress)
        finally:
            archive.add(records, failures, batch=MOST_DOCUMENTS)
        for number in finished:
            _note(archive, notes[left[number]], left[number])
    return progress


def _connected(address: str | None) -> Any:
    try:
        import ray
    except ImportError as error:
        raise MissingPartError(f"a cluster needs Ray: pip install 'communique[ray]' ({error})") from error
    if not ray.is_initialized():
        try:
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
        except ConnectionError as error:
            raise InputError(f"--address {address}: no Ray cluster answers there ({error})") from None
    from ray.data import DataContext

    context = DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    return ray


def _cores(ray: Any) -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def _read_on_cluster(
    ray: Any, shards: list[str], given: Mapping[str, Any]
) -> Iterator[tuple[int, Document | Failure | None]]:
    """Items of shards in order, each with its shard's number; behind a shard's last one, None."""
    if not shards:
        return
    rows = [{"number": number, "shard": shard} for number, shard in enumerate(shards)]

    def read(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for kind, item in _shard_items(row["shard"], given):
            yield {"number": row["number"], "kind": kind, "item": item}

    # Readers wait for the coders most of the time: they must not take cores from them.
    dataset = ray.data.from_items(rows, override_num_blocks=len(rows)).flat_map(read, num_cpus=0.05)
    for row in dataset.iter_rows():
        yield int(row["number"]), _item(row["kind"], row["item"])


def _shard_items(shard: str, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for item in read_items([shard], **given):
        if isinstance(item, Document):
            yield "document", item.model_dump_json()
        else:
            yield "failure", json.dumps([item.source, item.reason])
    yield "end", ""


def _item(kind: str, item: str) -> Document | Failure | None:
    if kind == "document":
        return Document.model_validate_json(item)
    return Failure(*json.loads(item)) if kind == "failure" else None


def _waves(
    items: Iterator[tuple[int, Document | Failure | None]], most: int
) -> Iterator[tuple[list[Document | Failure], list[int]]]:
    """Items in groups of at most `most`, each with the numbers of the shards that end in it."""
    held: list[Document | Failure] = []
    finished: list[int] = []
    for number, item in items:
        if item is None:
            finished.append(number)
        else:
            held.append(item)
        if len(held) >= most:
            yield held, finished
            held, finished = [], []
    if held or finished:
        yield held, finished


def _code_on_cluster(ray: Any, documents: list[Document], code: Code) -> Iterator[Result]:
    """Results in the order of the documents; those that are lost with their workers time and again are set aside."""
    found: dict[int, Result] = {}
    for attempt in range(_TRIES):
        missing = [n for n in range(len(documents)) if n not in found]
        if not missing:
            break
        found.update(_attempt(ray, {n: documents[n] for n in missing}, code, _BATCH if attempt == 0 else 1))
    for n, document in enumerate(documents):
        name = document.url or document.id
        lost = Failure(name, f"{name}: not coded, its process died {_TRIES} times ({len(document.text):,} characters)")
        yield found.get(n, lost)


def _attempt(ray: Any, documents: Mapping[int, Document], code: Code, batch: int) -> dict[int, Result]:
    from ray.data import DataContext

    DataContext.get_current().max_errored_blocks = -1
    rows = [{"n": n, "document": d.model_dump_json()} for n, d in documents.items()]
    dataset = ray.data.from_items(rows, override_num_blocks=-(-len(rows) // batch)).map_batches(
        _Actor,
        fn_constructor_args=(code,),
        batch_size=batch,
        batch_format="pyarrow",
        concurrency=(1, min(_cores(ray), -(-len(rows) // batch))),
        num_cpus=1,
        max_restarts=-1,
        max_task_retries=_TRIES,
    )
    return {int(row["n"]): _result(row["record"], row["failure"]) for row in dataset.iter_rows()}


def _result(record: str, failure: str) -> Result:
    return Record.model_validate_json(record) if record else Failure(*json.loads(failure))


class _Actor:
    """One worker of the cluster; the models are loaded with its first document and stay."""

    def __init__(self, code: Code) -> None:
        os.environ["COMMUNIQUE_THREADS"] = "1"
        self.code = code

    def __call__(self, batch: Any) -> Any:
        import pyarrow as pa

        results = [code_one(Document.model_validate_json(text), self.code) for text in batch["document"].to_pylist()]
        return pa.table(
            {
                "n": batch["n"],
                "record": [r.model_dump_json() if isinstance(r, Record) else "" for r in results],
                "failure": ["" if isinstance(r, Record) else json.dumps([r.source, r.reason]) for r in results],
            }
        )


def _digest(shard: str, coder: Coder) -> str:
    return hashlib.sha256(f"{shard}\x1f{shard_state(shard)}\x1f{coder.model_dump_json()}".encode()).hexdigest()[:24]


def _noted(archive: "Archive", note: str) -> bool:
    from pyarrow.fs import FileType

    return bool(archive.storage.files("shards").get_file_info(note).type == FileType.File)


def _note(archive: "Archive", note: str, shard: str) -> None:
    place = archive.storage.files("shards")
    if archive.storage.local is not None:  # an object store has no folders to make
        (archive.storage.local / "shards").mkdir(exist_ok=True)
    with place.open_output_stream(note) as file:
        file.write(json.dumps({"shard": shard}).encode())

"""Documents grouped so that each batch is about the same work, in the order they came."""

from collections.abc import Iterable, Iterator

from communique.reading import Failure
from communique.records import Document

MOST_CHARACTERS = 60_000
MOST_DOCUMENTS = 64


def batches(
    items: Iterable[Document | Failure], characters: int = MOST_CHARACTERS, documents: int = MOST_DOCUMENTS
) -> Iterator[list[Document | Failure]]:
    """Batches of neighbours, in order; nothing is held but the batch being filled.

    Args:
        items: documents, and failures that keep their place among them.
        characters: a batch is closed before its texts hold more than this; a longer text is a batch by itself.
        documents: most items of a batch.
    """
    batch: list[Document | Failure] = []
    held = 0
    for item in items:
        length = len(item.text) if isinstance(item, Document) else 0
        if batch and (held + length > characters or len(batch) >= documents):
            yield batch
            batch, held = [], 0
        batch.append(item)
        held += length
    if batch:
        yield batch

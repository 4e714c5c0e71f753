"""The whole way of one document, composed here and nowhere else: parse, attribute, resolve, code."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import communique
from communique.actors import resolve
from communique.attribution import attribute
from communique.attribution.tagger import Scored, score
from communique.coding import code as code_parse
from communique.coding.codebook import load_codebook
from communique.parsing import Parse, parse_document
from communique.records import Coder, Document, Record
from communique.settings import Settings, load_settings

# Scores of more windows than this are not computed ahead: half a megabyte each.
AHEAD = 64


def code_document(document: Document, settings: Settings | None = None) -> Record:
    """Code one document; the same document and settings always give the same record."""
    settings = settings or load_settings()
    if settings.tagger is None:
        return _code(parse_document(document, settings.spacy_model), settings, None)
    # The tagger needs no parse and leaves Python free while it runs, so the two run side by side.
    ahead = _beside().submit(_score_ahead, document.text, settings.tagger)
    parse = parse_document(document, settings.spacy_model)
    return _code(parse, settings, ahead.result())


def code_documents(documents: Iterable[Document], settings: Settings | None = None) -> Iterator[Record]:
    """Code documents one after the other, in order, without holding more than one."""
    settings = settings or load_settings()
    for document in documents:
        yield code_document(document, settings)


@cache
def _beside() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="tagger")


def _score_ahead(text: str, tagger: Path) -> Scored:
    scored = score(text, tagger)
    if len(scored.windows) <= AHEAD:
        scored.scores = list(scored.scores)
    return scored


def _code(parse: Parse, settings: Settings, scored: Scored | None) -> Record:
    resolution = resolve(parse, attribute(parse, settings.tagger, scored))
    coded = code_parse(parse, resolution, load_codebook(settings.codebook) if settings.codebook else None)
    return Record(
        document=parse.document,
        actors=tuple(resolution.actors.values()),
        mentions=resolution.mentions,
        statements=resolution.statements,
        events=coded.events,
        positions=coded.positions,
        phrases=coded.phrases,
        coder=coder(settings),
    )


def coder(settings: Settings | None = None) -> Coder:
    """What coded a record: the versions of the program, of its codebooks and of its registry."""
    from communique.actors.registry import load_registry
    from communique.coding.version import codebook_version

    settings = settings or load_settings()
    own = (*filter(None, [settings.codebook]), *settings.issues, *settings.phrases)
    return Coder(version=communique.__version__, codebook=codebook_version(*own), registry=load_registry().version)

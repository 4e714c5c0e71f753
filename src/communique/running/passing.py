"""Documents that are kept but not coded: near copies of one that is, languages that cannot be coded yet, and texts
without prose (tables of results, price lists, lists of links), which can hold neither a statement nor an event.

The test for prose is one regular expression, and it only looks at whole documents. Finer filters were tried on
paragraphs of news: one in seven words stands in a paragraph without any attribution, but neither the words of the
lexicons nor a trained linear model can tell these safely: at 99.5 % recall they pass over 1.6 % of all (docs/scale.md).
"""

import re

from communique.reading.language import CODED
from communique.records import Document, Record

_FEWEST_WORDS = 3
_PLAIN_WORD = re.compile(r"(?<![\w'’/.:@-])[a-z][a-z'’-]+")
_QUOTATION = re.compile('["“”„«»]')


def is_coded(document: Document) -> bool:
    """Whether a document is to be coded; one whose language is unknown is."""
    return (
        document.duplicate_of is None
        and (document.language is None or document.language[:2].lower() in CODED)
        and holds_prose(document.text)
    )


def holds_prose(text: str) -> bool:
    """Whether any line of a text may be a sentence: three words in lower case, or a quotation mark."""
    return any(_QUOTATION.search(line) or len(_PLAIN_WORD.findall(line)) >= _FEWEST_WORDS for line in text.split("\n"))


def bare_record(document: Document) -> Record:
    """The record of a document that is kept only."""
    from communique.running.pipeline import coder

    return Record(document=document, coder=coder())

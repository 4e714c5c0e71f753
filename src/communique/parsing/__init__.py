"""Document -> Parse: paragraphs, sentences, tokens, dependencies, entities, quotes. Only this room knows spaCy."""

from communique.parsing.parse import Parse, Quote, Token
from communique.parsing.parser import parse_document, parse_documents

__all__ = ["Parse", "Quote", "Token", "parse_document", "parse_documents"]

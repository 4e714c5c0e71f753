"""Parse -> Attributions: who said what, by cue, quotation mark and turn."""

from communique.attribution.attribute import attribute
from communique.attribution.attributions import Attribution
from communique.attribution.issued import issuer

__all__ = ["Attribution", "attribute", "issuer"]

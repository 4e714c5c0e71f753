"""Parse and Resolution -> Events, Positions, Phrases: what was done, who stands where, with which formulas."""

from dataclasses import dataclass

from communique.actors.resolution import Resolution
from communique.coding.codebook import Codebook
from communique.coding.events import code_events
from communique.coding.phrases import find_phrases
from communique.coding.positions import code_positions
from communique.parsing import Parse
from communique.records import Event, Phrase, Position

__all__ = ["Coded", "code"]


@dataclass(frozen=True, slots=True)
class Coded:
    events: tuple[Event, ...]
    positions: tuple[Position, ...]
    phrases: tuple[Phrase, ...]


def code(parse: Parse, resolution: Resolution, codebook: Codebook | None = None) -> Coded:
    """All three coders on one document.

    Args:
        codebook: classes of events; the built-in PLOVER unless given.
    """
    return Coded(
        events=tuple(code_events(parse, resolution, codebook)),
        positions=tuple(code_positions(parse, resolution)),
        phrases=tuple(find_phrases(parse, resolution)),
    )

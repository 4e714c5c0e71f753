"""What the actors room gives: the document's actors, where each is named, and the statements with their speakers."""

from dataclasses import dataclass
from functools import cached_property

from communique.records import Actor, Mention, Span, Statement


@dataclass(frozen=True)
class Resolution:
    """actors: those of this document, by id; mentions: in order of the text, pronouns and descriptions included.

    places: mentions that name a place and no actor ("in Tokyo"), as spans with the state they lie in.
    """

    actors: dict[str, Actor]
    mentions: tuple[Mention, ...]
    statements: tuple[Statement, ...]
    places: tuple[tuple[Span, str], ...] = ()

    @cached_property
    def _flat(self) -> list[tuple[Span, str]]:
        return sorted((span, m.actor) for m in self.mentions for span in m.spans)

    def actors_in(self, start: int, end: int) -> list[str]:
        """Ids of the actors named inside characters [start, end), in order, each once."""
        found = dict.fromkeys(actor for (s, e), actor in self._flat if s < end and e > start)
        return list(found)

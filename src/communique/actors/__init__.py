"""Parse and Attributions -> Resolution: who is who."""

from communique.actors.resolution import Resolution
from communique.actors.resolve import resolve

__all__ = ["Resolution", "resolve"]

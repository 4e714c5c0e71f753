"""What every reader asks for first, computed before the first reader comes."""

from communique.archive.store import Archive
from communique.web import choices


def warm(archive: Archive) -> None:
    """Choices, counts and first pages of an archive whose rows have changed."""
    choices.choices(archive)
    choices.overview(archive)

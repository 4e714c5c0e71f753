"""Codebooks, lexicons and the registry, as files; each names its source and licence in its header or a README."""

from importlib.resources import files
from pathlib import Path


def data_path(*parts: str) -> Path:
    """Path of a data file of the package, such as data_path("attribution", "cues.yaml")."""
    return Path(str(files(__name__))).joinpath(*parts)

"""Codebooks, lexicons and the registry, as files; each names its source and licence in its header or a README."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml


def data_path(*parts: str) -> Path:
    """Path of a data file of the package, such as data_path("attribution", "cues.yaml")."""
    return Path(str(files(__name__))).joinpath(*parts)


def parse_yaml(text: str, plain: bool = False) -> Any:
    """What a YAML text holds, by libyaml where PyYAML has it (ten times as fast).

    Args:
        text: the file's.
        plain: leave every scalar a text ("no" is a word, not False).

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    base = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return yaml.load(text, Loader=base if plain else safe)

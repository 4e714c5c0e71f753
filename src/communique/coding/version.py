"""Which codebooks a record was coded with."""

import hashlib
from functools import cache
from pathlib import Path

from communique.data import data_path


@cache
def codebook_version(*own: Path) -> str:
    """The first twelve digits of a hash over every codebook file of the package.

    Args:
        own: the user's codebooks, whose names and hashes are added ("…+water-1f2e3d").
    """
    digest = hashlib.sha256()
    for path in sorted(data_path("codebooks").iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    added = (f"{path.stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:6]}" for path in own)
    return "+".join((digest.hexdigest()[:12], *added))

"""The users file: one `name:argon2 hash` a line; whoever is in it may log in and correct."""

import os
import re
import tempfile
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from communique.errors import InputError

_HASHER = PasswordHasher()
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
SHORTEST_PASSWORD = 10


def read_users(path: Path) -> dict[str, str]:
    """Names and hashes of the file.

    Raises:
        InputError: the file cannot be read, or a line is no `name:hash`.
    """
    try:
        lines = path.read_text(encoding="utf8").splitlines()
    except OSError as error:
        raise InputError(
            f"{path}: cannot read the users file ({error.strerror}); make one with `communique users`"
        ) from None
    users: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, secret = line.partition(":")
        if not _NAME.fullmatch(name) or not secret.startswith("$argon2"):
            raise InputError(f"{path}:{number}: not `name:argon2 hash`; add users with `communique users`")
        users[name] = secret.strip()
    return users


def set_password(path: Path, name: str, password: str) -> None:
    """Add a user, or give one a new password; the file is replaced whole and readable by its owner only.

    Raises:
        InputError: the name has other signs than letters, digits and . _ @ -, or the password is too short.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"user name {name!r}: use letters, digits and . _ @ - (at most 64)")
    if len(password) < SHORTEST_PASSWORD:
        raise InputError(f"the password needs at least {SHORTEST_PASSWORD} characters")
    users = read_users(path) if path.exists() else {}
    users[name] = _HASHER.hash(password)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mkstemp makes it 0600
    with os.fdopen(handle, "w", encoding="utf8") as file:
        file.writelines(f"{user}:{secret}\n" for user, secret in sorted(users.items()))
    os.replace(temporary, path)


_NOBODY = _HASHER.hash("nobody has this password")


def right_password(users: dict[str, str], name: str, password: str) -> bool:
    """Whether the password is this user's; takes as long for a name that does not exist."""
    try:
        return _HASHER.verify(users.get(name, _NOBODY), password) and name in users
    except (VerificationError, InvalidHashError):
        return False

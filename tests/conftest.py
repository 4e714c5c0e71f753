"""What several test modules need."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The evaluation data beside the checkout; tests that need it are skipped where a user does not have it."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the evaluation data in {SHARED}; CI has it")
    return SHARED

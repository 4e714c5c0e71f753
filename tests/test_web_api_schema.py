"""The API keeps to its own description: requests that schemathesis derives from /api/openapi.json, always the same."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from web_client import make_client

CALLS = (
    "/api/statements",
    "/api/events",
    "/api/positions",
    "/api/phrases",
    "/api/documents/{id}",
    "/api/overview",
)


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with make_client(tmp_path_factory.mktemp("schema")) as client:
        yield schemathesis.openapi.from_asgi("/api/openapi.json", client.app)


def test_every_call_is_tried(described: Any) -> None:
    assert {operation.ok().path for operation in described.get_all_operations()} == set(CALLS)


@pytest.mark.parametrize("path", CALLS)
def test_answers_keep_to_the_description(described: Any, path: str) -> None:
    @given(case=described[path]["GET"].as_strategy())
    @settings(
        max_examples=15,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers(case: "Case[Any]") -> None:
        # A cursor of nobody's and the 31st of April fit their patterns and are refused all the same.
        case.call_and_validate(headers={"host": "localhost"}, excluded_checks=[positive_data_acceptance])

    answers()

"""Whatever is asked of the API, it answers as its description says: no server error, nothing undocumented.

`python -m bench.cases` asks 20,000 such questions, in every phase, on either database; here a few of each operation.
"""

from typing import Any

import pytest
import schemathesis
from django.test.client import ClientHandler
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


HANDLER = ClientHandler()


def served(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The site as it answers in tests: it does not let go of the database that a test holds."""
    response = HANDLER(environ)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [body]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_answers_as_it_is_described(db: None, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", served)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 19
    for one in operations:
        # Where nothing can be asked, nothing can be asked wrongly.
        if mode is GenerationMode.POSITIVE or one.label != "GET /api/":
            ask(one, mode)


def ask(operation: Any, mode: GenerationMode) -> None:
    @seed(1)
    @settings(
        max_examples=6,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: Any) -> None:
        # Over a real connection the client unpacks by itself.
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

    asked()

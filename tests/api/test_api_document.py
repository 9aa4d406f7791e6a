"""The API keeps to its own document, whatever is sent: schemathesis draws it from the document."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.api.conftest import SECRET, ApiWorld
from tests.house_in_memory import HouseInMemory
from tests.sign_in_world import RealTime


@pytest.fixture(scope="module")
def drawn_from(sample_records: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiWorld]:
    """One house for all that is drawn."""
    house = HouseInMemory(sample_records, tmp_path_factory.mktemp("api"), clock=RealTime())
    yield ApiWorld(house)
    house.close()


FILES = ("/v1/cases", "/v1/missed-calls")
WRITES = (
    "/v1/callbacks",
    "/v1/callbacks/{id}/cancel",
    "/v1/cases",
    "/v1/contacts",
    "/v1/contacts/dealt-with",
    "/v1/lost-phones",
    "/v1/missed-calls",
    "/v1/payments",
)


@pytest.mark.parametrize(
    ("path", "method"), [("/v1/callbacks/{id}", "GET"), *((path, "POST") for path in WRITES)]
)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_whatever_is_sent_is_answered_as_the_document_says(
    drawn_from: ApiWorld, path: str, method: str, mode: GenerationMode
) -> None:
    """What fits the document, and what does not."""
    operation = schemathesis.openapi.from_wsgi("/v1/openapi.json", drawn_from.app)[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def answered(case: Any) -> None:
        drawn_from.clock.move(1.0)  # else most would be too many in a minute
        case.call_and_validate(
            headers={"Authorization": f"Bearer {SECRET}"},
            # That a file is text says nothing of its rows: no schema can.
            excluded_checks=[positive_data_acceptance] if path in FILES else [],
        )

    answered()


def test_a_document_that_says_too_little_is_noticed(build: Callable[..., HouseInMemory]) -> None:
    """The check can fail: an answer that stands in no document is refused."""
    world = ApiWorld(build(clock=RealTime()))
    document = world.client.get("/v1/openapi.json").get_json()
    del document["paths"]["/v1/callbacks/{id}"]["get"]["responses"]["404"]
    operation = schemathesis.openapi.from_dict(document)["/v1/callbacks/{id}"]["GET"]
    case = operation.Case(path_parameters={"id": "OF1"})
    case.operation.app = world.app
    response = case.call(base_url="http://localhost", headers={"Authorization": f"Bearer {SECRET}"})
    with pytest.raises(FailureGroup) as refused:
        case.validate_response(response)
    assert "Undocumented status code" in str(refused.value.exceptions)

"""Every OpenAPI document: valid, complete, and true of what the server answers."""

from contextlib import suppress
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from clerestory.app import FAMILIES
from clerestory.platform.http import Surface
from clerestory.platform.http.openapi import document
from tests.families.bots.tower import ANN
from tests.fixtures.tenants import TestTenant

BASE = "http://clerestory.test"
SURFACES = [surface for family in FAMILIES for surface in family.surfaces if surface.documented]
CHECKS = [status_code_conformance, response_schema_conformance]


def operations() -> list[Any]:
    """Every operation of every document, with the surface it belongs to."""
    found = []
    for surface in SURFACES:
        schema = schemathesis.openapi.from_dict(document(surface, BASE))
        for result in schema.get_all_operations():
            operation: Any = result.ok()  # type: ignore[union-attr]  # a document with an error ends the run here
            found.append(pytest.param(surface, operation, id=f"{surface.name} {operation.label}"))
    return found


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)
def test_a_document_is_valid_and_names_every_route(surface: Surface) -> None:
    written = document(surface, BASE)
    validate(written)
    named = {(method.upper(), path) for path, methods in written["paths"].items() for method in methods}
    assert len(named) == len([route for route in surface.routes if not route.hidden])
    for path, methods in written["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], f"{method} {path} says nothing of itself"


@pytest.mark.parametrize(("surface", "operation"), operations())
async def test_what_is_answered_is_documented(surface: Surface, operation: Any, tenant: TestTenant) -> None:
    shown = await credentials(surface, tenant)
    for case in cases(operation):
        sent = requests.Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
        headers: Any = {**dict(sent.headers), **shown}
        body: Any = sent.body or b""
        answer = await tenant.http.request(str(sent.method), str(sent.url), content=body, headers=headers)
        checks = [*CHECKS, refusals_are_no_faults if surface.name == "bots" else not_a_server_error]
        try:
            case.validate_response(answer, checks=checks)
        except FailureGroup as found:
            # A group of exceptions would end the loop of all other tests too.
            pytest.fail(str(found))


def refusals_are_no_faults(context: Any, response: Any, case: Any) -> None:
    """Every refusal of this API is a 500, so a fault of the server is known by its name alone."""
    if response.status_code >= 500:
        error = response.json()["error"]
        assert (response.status_code, response.headers["content-type"]) == (500, ["text/plain"])
        assert error.keys() == {"message", "name"}
        assert error["name"] != "serverError"


def cases(operation: Any) -> list[Any]:
    """Requests as the document has them, and others as it does not. Drawn first and sent later: drawing cannot wait."""
    drawn: list[Any] = []
    for mode in GenerationMode:
        if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.path_parameters):
            continue

        @settings(max_examples=10, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(mode))
        def draw(case: Any) -> None:
            drawn.append(case)

        # Of a path's free text nothing is against the document.
        with suppress(Unsatisfiable):
            draw()
    assert drawn
    return drawn


async def credentials(surface: Surface, tenant: TestTenant) -> dict[str, str]:
    """The tenant's key in every header that the surface reads one from; for bots the token of a customer."""
    assert surface.spoken is not None
    if surface.name == "bots":
        token = {"Authorization": f"Bearer {ANN}"}
        assert (await tenant.http.post("/v1/customers", headers=token)).status_code == 201
        return token
    return {
        scheme["name"]: tenant.api_key
        for scheme in surface.spoken.credentials.values()
        if scheme["type"] == "apiKey" and scheme["in"] == "header"
    }

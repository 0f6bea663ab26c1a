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
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from clerestory.app import FAMILIES
from clerestory.platform.http import Surface
from clerestory.platform.http.openapi import document
from tests.fixtures.tenants import TestTenant

BASE = "http://clerestory.test"
SURFACES = [surface for family in FAMILIES for surface in family.surfaces if surface.documented]
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


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
    for case in cases(operation):
        sent = requests.Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
        headers: Any = {**dict(sent.headers), **credentials(surface, tenant)}
        body: Any = sent.body or b""
        answer = await tenant.http.request(str(sent.method), str(sent.url), content=body, headers=headers)
        case.validate_response(answer, checks=CHECKS)


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


def credentials(surface: Surface, tenant: TestTenant) -> dict[str, str]:
    """The tenant's key in every header that the surface reads one from."""
    assert surface.spoken is not None
    return {
        scheme["name"]: tenant.api_key
        for scheme in surface.spoken.credentials.values()
        if scheme["type"] == "apiKey" and scheme["in"] == "header"
    }

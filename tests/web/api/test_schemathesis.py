"""No call of any shape gets a 5xx or an answer that the document does not name (PROMISES.md P20).

schemathesis makes calls out of the document, fitting and unfitting ones, and sends them with the key of each role to
a server that listens. The ordinary run tries some of a role's operations, the long run all.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance
from werkzeug.serving import make_server

from matchhub.domain.permissions import permissions, role_names
from matchhub.services.accounts import api_keys
from tests.machine import cases
from tests.web.api.programs import key_of

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
EACH = cases(1, 500)
ONE_IN = cases(25, 1)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def act_of(operation: dict[str, str]) -> str:
    return operation["description"].split("`")[1]


@pytest.mark.parametrize("role", role_names())
def test_no_call_fails_or_surprises(app: Flask, address: str, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "MOST_CALLS", 10**9)
    document = json.loads(app.test_client().get("/api/v1/openapi.json").text)
    schema = schemathesis.openapi.from_dict(document)
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    headers = {"Authorization": f"Bearer {key_of(app.extensions['matchhub'], role)}"}
    wanted = [
        (path, method.upper())
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if permissions().may(role, act_of(operation))
    ]
    faults: list[str] = []
    for path, method in wanted[role_names().index(role) :: ONE_IN]:

        @seed(1)
        @settings(
            max_examples=EACH,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(schema[path][method].as_strategy())
        def tried(case: schemathesis.Case) -> None:
            case.call_and_validate(base_url=f"{address}/api/v1", headers=headers, checks=CHECKS)

        try:
            tried()
        except Exception as fault:
            faults.append(f"{method} {path}: {str(fault)[:500]}")
    assert faults == [], "\n\n".join(faults)

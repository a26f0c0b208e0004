"""Is it alive, is it ready, how is it doing: for the service manager and the monitoring."""

from __future__ import annotations

import shutil
import threading
import time
from collections import Counter

from flask import Blueprint, Response, current_app, g, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

import matchhub
from matchhub.domain.devices import address_part
from matchhub.errors import Refusal
from matchhub.operation.diagnosis import LEAST_FREE_MIB, MEBIBYTE
from matchhub.operation.job_board import ailing_jobs, metric_lines
from matchhub.operation.metrics import base_lines
from matchhub.services.kernel.unit import VISITOR
from matchhub.services.matching.readiness import Check, check_ready
from web.gate import act
from web.units import reading, runtime

blueprint = Blueprint("status", __name__)
EXTENSION, ACCESS = "matchhub_counters", "matchhub_access_log"
_UNLOGGED = frozenset({"static", "status.healthz", "status.readyz", "status.metrics"})
_TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Counters:
    """Requests of this process by method and status, and the seconds they took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._seconds = 0.0
        self.started = time.time()

    def add(self, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        with self._lock:
            self._requests[method, status] += 1
            self._seconds += seconds

    def lines(self) -> list[str]:
        """The counters in the text format of Prometheus."""
        with self._lock:
            requests, seconds = dict(self._requests), self._seconds
        lines = ["# HELP matchhub_requests_total Answered requests.", "# TYPE matchhub_requests_total counter"]
        lines += [
            f'matchhub_requests_total{{method="{method}",status="{status}"}} {number}'
            for (method, status), number in sorted(requests.items())
        ]
        lines += ["# HELP matchhub_request_seconds Time to answer.", "# TYPE matchhub_request_seconds summary"]
        lines += [
            f"matchhub_request_seconds_sum {seconds:.6f}",
            f"matchhub_request_seconds_count {sum(requests.values())}",
        ]
        lines += ["# HELP matchhub_started_at Start of this process.", "# TYPE matchhub_started_at gauge"]
        return [*lines, f"matchhub_started_at {self.started:.3f}"]


def begin_request() -> None:
    """Before every request: note the moment."""
    g.began = time.perf_counter()


def count_request(response: AnyResponse) -> AnyResponse:
    """After every request: count it; an unusual method gets no counter of its own."""
    method = request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} else "OTHER"
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    current_app.extensions[EXTENSION].add(method, response.status_code, seconds)
    if request.endpoint not in _UNLOGGED:
        _log_access(method, response.status_code, seconds)
    return response


def _log_access(method: str, status: int, seconds: float) -> None:
    """A line of who called what: the endpoint, never the address, which may hold a token or what somebody looked for;
    the account's number and half of its network's address (PIPL 6)."""
    actor = g.get("actor", VISITOR)
    entry = {"request": g.get("request_id", ""), "method": method, "endpoint": request.endpoint or "", "status": status}
    entry |= {
        "ms": round(1000 * seconds),
        "account": actor.account_id,
        "network": address_part(request.remote_addr or ""),
    }
    current_app.extensions[ACCESS].write(runtime().clock(), entry)


@blueprint.get("/healthz")
@act("status.read")
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok", version=matchhub.__version__)


@blueprint.get("/readyz")
@act("status.read")
def readyz() -> tuple[Response, int]:
    """The database answers, the worker was seen within 2 minutes and its daily jobs came to an end, the index is fresh
    and holds what the base does, and the disk has room: 200, else 503."""
    try:
        with reading() as unit:
            checks = [*check_ready(unit), Check("jobs", not (ailing := ailing_jobs(unit)), ", ".join(ailing))]
    except Refusal as refusal:
        return jsonify(ready=False, checks=[{"key": "database", "ok": False, "code": refusal.code}]), 503
    free = shutil.disk_usage(runtime().home).free // MEBIBYTE
    checks.append(Check("disk", free >= LEAST_FREE_MIB, f"{free} MiB free"))
    ready = all(check.ok for check in checks)
    body = [{"key": check.key, "ok": check.ok, "detail": check.detail} for check in checks]
    return jsonify(ready=ready, checks=body), 200 if ready else 503


@blueprint.get("/metrics")
@act("status.read")
def metrics() -> Response:
    """Counters of this process and the worker's jobs for Prometheus; nothing about persons or records."""
    lines = current_app.extensions[EXTENSION].lines()
    try:
        with reading() as unit:
            lines += [*metric_lines(unit), *base_lines(unit)]
    except Exception:  # the counters are wanted most when the database does not answer
        current_app.logger.exception("no lines about jobs")
        lines.append("# the database does not answer")
    return Response("\n".join(lines) + "\n", content_type=_TEXT)

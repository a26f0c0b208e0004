"""The vendored front end: as published, licensed, and quiet under a strict Content-Security-Policy."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.machine import ROOT

VENDOR = ROOT / "web" / "static" / "vendor"
POLICY = "default-src 'self'; img-src 'self' data:"
PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>空</title>
<meta name="htmx-config" content='{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true}'>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/tabler/tabler.min.css">
<script src="/tabler/tabler.min.js"></script>
<script src="/htmx/htmx.min.js"></script></head><body>
<input type="checkbox" class="form-check-input" checked><div id="part"></div>
<button class="btn btn-primary" hx-get="/fragment" hx-target="#part">换</button></body></html>"""


def manifest() -> list[dict]:
    return json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))


def listed() -> dict[str, str]:
    return {name: digest for pack in manifest() for name, digest in pack["files"].items()}


@pytest.fixture
def vendor_server() -> Iterator[str]:
    class Strict(http.server.SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", POLICY)
            super().end_headers()

        def do_GET(self) -> None:
            body = {"/": PAGE, "/fragment": "<p>换好了</p>"}.get(self.path)
            if body is None:
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    handler = functools.partial(Strict, directory=str(VENDOR))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", sorted(listed()))
def test_a_vendored_file_is_the_published_one(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == listed()[name]


def test_every_vendored_file_is_in_the_manifest() -> None:
    present = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert present - {"README.md", "manifest.json"} == set(listed())


@pytest.mark.parametrize("pack", manifest(), ids=lambda pack: pack["package"])
def test_a_vendored_package_brings_its_licence_and_is_described(pack: dict) -> None:
    assert any(Path(name).name == "LICENSE" for name in pack["files"])
    row = next(line for line in (VENDOR / "README.md").read_text(encoding="utf-8").splitlines() if pack["name"] in line)
    assert pack["version"] in row
    assert pack["licence"] in row


def test_no_vendored_stylesheet_asks_another_host() -> None:
    for sheet in VENDOR.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "@import" not in text
        assert set(re.findall(r"url\(\s*[\"']?([a-z]*:|[^\"')]{0,20})", text)) == {"data:"}


def test_the_vendored_files_work_under_a_strict_policy(page: Page, vendor_server: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(vendor_server)
    page.get_by_role("button", name="换").click()
    page.get_by_text("换好了").wait_for()
    assert complaints == []

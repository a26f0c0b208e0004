"""The files under ``deploy``: read by the programs they are for, where this machine has them."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.cli.test_serving import free_port
from tests.machine import ROOT

DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def test_every_setting_of_the_files_is_documented() -> None:
    known = (ROOT / "docs" / "operations.md").read_text("utf-8")
    named = {each for file in DEPLOY.iterdir() for each in re.findall(r"MATCHHUB_[A-Z_]+", file.read_text("utf-8"))}
    assert {name for name in named - {"MATCHHUB_LISTEN"} if f"`{name}`" not in known} == set()
    listed = set(re.findall(r"`([\w.-]+)`", text("README.md")))
    assert {file.name for file in DEPLOY.iterdir()} - {"README.md"} <= listed


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("name", ["matchhub-web.service", "matchhub-worker.service"])
def test_systemd_finds_no_fault_with_a_unit_but_that_nothing_is_installed(name: str, tmp_path: Path) -> None:
    unit = tmp_path / name
    unit.write_text(text(name).replace("/opt/matchhub/.venv/bin/matchhub", "/bin/true"), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if name in line]
    assert said == []


def test_the_start_of_an_office_pc_is_a_file_that_windows_reads() -> None:
    script = (DEPLOY / "start.cmd").read_bytes()
    assert script.count(b"\n") == script.count(b"\r\n") and script.startswith(b"@echo off")
    assert b"run.py matchhub up --empty" in script


def test_the_image_installs_the_lock_and_runs_as_nobody_special() -> None:
    said = text("Containerfile")
    assert "--require-hashes --requirement requirements.lock" in said and "\nUSER matchhub\n" in said
    assert text("matchhub-web.service").count("User=matchhub") == text("matchhub-worker.service").count("User=matchhub")


class _Behind(BaseHTTPRequestHandler):
    """Answers with what it was told of the visitor."""

    def do_GET(self) -> None:
        told = "|".join(str(self.headers.get(name)) for name in ("Host", "X-Forwarded-For", "X-Forwarded-Proto"))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(told.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """nginx with our file, its paths and ports changed, before a server that tells what it hears; its https port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Behind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=match.example.cn", "-days", "2"]
    subprocess.run(
        [*made, "-keyout", "key.pem", "-out", "fullchain.pem"], cwd=tmp_path, check=True, capture_output=True
    )
    plain, secure = free_port(), free_port()
    changed = text("nginx.conf")
    for old, new in (
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{server.server_port}"),
        ("/etc/ssl/matchhub", str(tmp_path)), ("/var/log/nginx", str(tmp_path)),
        ("listen 80;", f"listen 127.0.0.1:{plain};"), ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("    listen [::]:80;\n", ""), ("    listen [::]:443 ssl;\n", ""),
    ):  # fmt: skip
        assert old in changed
        changed = changed.replace(old, new)
    folders = "".join(
        f"{each}_temp_path {tmp_path};\n" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"daemon off;\nmaster_process off;\npid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\n"
    whole += f"http {{\n{folders}{changed}\n}}\n"
    (tmp_path / "whole.conf").write_text(whole, "utf-8")
    command = [str(NGINX), "-p", str(tmp_path), "-c", str(tmp_path / "whole.conf")]
    assert subprocess.run([*command, "-t"], capture_output=True, text=True).returncode == 0
    process = subprocess.Popen(command)
    yield secure, tmp_path / "matchhub.log"
    process.terminate()
    process.wait()
    server.shutdown()


@pytest.mark.skipif(NGINX is None or shutil.which("openssl") is None, reason="no nginx here")
def test_nginx_passes_requests_on_and_its_log_holds_no_token(proxied: tuple[int, Path]) -> None:
    port, log = proxied
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE

    def ask(path: str) -> str:
        hostile = {"Host": "match.example.cn", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}
        for _ in range(100):
            try:
                with urlopen(Request(f"https://127.0.0.1:{port}{path}", headers=hostile), context=trusting) as answer:
                    return str(answer.read().decode())
            except ConnectionRefusedError:
                continue
            except OSError as fault:
                if "refused" not in str(fault):
                    raise
                threading.Event().wait(0.1)
        raise AssertionError("nginx does not answer")

    assert ask("/") == "match.example.cn|127.0.0.1|https"
    ask("/account/invitation/a-secret-token")
    ask("/p/another-secret/off")
    ask("/trade/?q=words")
    for _ in range(100):  # the last line is written after its answer was sent
        if '"GET /trade/"' in (said := log.read_text("utf-8")):
            break
        threading.Event().wait(0.05)
    assert "secret" not in said and "/account/invitation/..." in said and '"GET /trade/"' in said

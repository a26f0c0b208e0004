"""A local web server that takes posts, keeps them in order and answers as it was told, well or badly."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Post:
    """One post as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)


@dataclass
class WebSink:
    """``answer`` makes the reply of each post: status, body, headers; ``manner`` is how it misbehaves."""

    port: int = 0
    posts: list[Post] = field(default_factory=list)
    status: int = 200
    reply: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    manner: str = "well"  # well, silent, dribbles, drops
    judge: Callable[[Post], bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset({f"127.0.0.1:{self.port}"})


class _Handler(BaseHTTPRequestHandler):
    sink: WebSink

    def do_POST(self) -> None:
        sink = self.sink
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        post = Post(self.path, dict(self.headers), body)
        sink.posts.append(post)
        if sink.manner == "drops":
            self.connection.close()
            return
        if sink.manner == "silent":
            time.sleep(3)
            return
        if sink.manner == "dribbles":
            self._dribble()
            return
        answer = sink.judge(post) if sink.judge else sink.reply
        self.send_response(sink.status)
        for name, value in {"Content-Length": str(len(answer)), **sink.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def _dribble(self) -> None:
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(100):
                self.wfile.write(f"X-{number}: y\r\n".encode())
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def web_sink(**manner: Any) -> Iterator[WebSink]:
    """A sink that listens while the block runs."""
    sink = WebSink(**manner)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"sink": sink}))
    server.daemon_threads = True
    sink.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield sink
    server.shutdown()
    server.server_close()

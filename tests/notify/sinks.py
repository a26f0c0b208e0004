"""A mail server on the loopback that keeps what it gets and misbehaves as it is told (aiosmtpd)."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

Reply = str | Callable[[Any], str | None]


class _Server(SMTP):
    """Greets as it is told; counts connections."""

    sink: MailSink

    def connection_made(self, transport: Any) -> None:
        self.sink.connections += 1
        self.sink.transports.append(transport)
        super().connection_made(transport)
        if self.sink.drop_at == "connect":
            transport.abort()

    async def push(self, status: Any) -> None:
        text = status if isinstance(status, str) else status.decode("utf-8")
        if text.startswith("220 ") and "SMTP" in text and self.sink.greeting:
            text = self.sink.greeting
            await super().push(text)
            self._writer.close()
            return
        self._writer.write(text.encode("utf-8") + b"\r\n")
        await self._writer.drain()


class MailSink:
    """``replies``: what it answers at ``sender``, ``recipient`` or ``content`` instead of taking the letter (a text, or
    a function of the envelope that may give None); ``drop_at``: where it hangs up; ``slow``: seconds before an answer.
    """

    def __init__(
        self, *, greeting: str = "", password: str = "", certificate: Path | None = None, implicit: bool = False
    ) -> None:
        self.greeting, self.password, self.certificate, self.implicit = greeting, password, certificate, implicit
        self.replies: dict[str, Reply] = {}
        self.drop_at = ""
        self.slow = 0.0
        self.letters: list[Any] = []
        self.encrypted: list[bool] = []
        self.transports: list[Any] = []
        self.connections = 0
        self.port = 0
        self.loop: asyncio.AbstractEventLoop | None = None

    def close_all(self) -> None:
        """Hang up on everybody."""
        assert self.loop is not None
        for transport in self.transports:
            self.loop.call_soon_threadsafe(transport.abort)
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0.05), self.loop).result()

    async def answer(self, server: Any, step: str, envelope: Any) -> str | None:
        """What is said instead of "ok" at one step; ``None``: nothing against it."""
        if self.drop_at == step:
            server.transport.abort()
            return "421 gone"
        reply = self.replies.get(step)
        return reply(envelope) if callable(reply) else reply

    async def handle_MAIL(self, server: Any, _session: Any, envelope: Any, address: str, options: Any) -> str:
        refusal = await self.answer(server, "sender", envelope)
        if refusal:
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 ok"

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        refusal = await self.answer(server, "recipient", envelope)
        if refusal:
            envelope.rcpt_tos.pop()
            return refusal
        return "250 ok"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        refusal = await self.answer(server, "content", envelope)
        if refusal:
            return refusal
        self.letters.append(envelope)
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        if self.slow:
            await asyncio.sleep(self.slow)
        return "250 kept"

    def check(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password == self.password.encode()
        return AuthResult(success=right, handled=False)


class _Controller(Controller):
    def __init__(self, sink: MailSink, port: int) -> None:
        context = None
        if sink.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sink.certificate / "cert.pem", sink.certificate / "key.pem")
        self.sink, self.context = sink, context
        super().__init__(sink, hostname="localhost" if context else "127.0.0.1", port=port,
                         ssl_context=context if sink.implicit else None)  # fmt: skip

    def factory(self) -> SMTP:
        sink = self.sink
        kwargs: dict[str, Any] = {"enable_SMTPUTF8": False}
        if sink.password:
            kwargs |= {"authenticator": sink.check, "auth_required": True, "auth_require_tls": False}
        if self.context is not None and not sink.implicit:
            kwargs |= {"tls_context": self.context}
        made = type("_Told", (_Server,), {"sink": sink})(sink, **kwargs)
        sink.loop = self.loop
        return made


@contextmanager
def serving(sink: MailSink) -> Iterator[MailSink]:
    """The sink at a free port of the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        sink.port = probe.getsockname()[1]
    controller = _Controller(sink, sink.port)
    try:
        controller.start()
    except Exception:  # aiosmtpd looks whether its own server greets; one that refuses does not
        if not sink.greeting and not sink.drop_at:
            raise
    sink.connections = 0
    sink.transports.clear()
    yield sink
    controller.stop()

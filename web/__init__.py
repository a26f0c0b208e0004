"""The web edge: ``create_app`` makes the application for an opened installation. Nothing happens at import."""

from __future__ import annotations

import secrets
from importlib import import_module

from flask import Blueprint, Flask, g
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import IntegerConverter

from matchhub.operation.logs import AccessLog, request_number
from matchhub.services.kernel.runtime import Runtime
from web import (
    compression,
    display,
    errors,
    frame,
    gate,
    held,
    language,
    navigation,
    once,
    proxies,
    security,
    signing,
    status,
)
from web.units import EXTENSION

# One package per audience; each offers ``blueprint`` and ``NAVIGATION``.
AUDIENCES = (
    "home",
    "account",
    "enterprise",
    "institution",
    "push",
    "operator",
    "intake",
    "bureau",
    "trade",
    "matching",
    "messages",
    "api",
)
MEGABYTE = 2**20


class RecordNumber(IntegerConverter):
    """Numbers of records in addresses: what no database can hold is no address."""

    regex = r"\d{1,15}"


def create_app(runtime: Runtime) -> Flask:
    """The application over ``runtime``; raises ``gate.ActMissing`` when a route does not declare its act."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=runtime.settings.secret_key,
        SESSION_COOKIE_NAME="matchhub_form",  # form token and notices; who is signed in lies in the database
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=runtime.base_url.startswith("https://"),
        MAX_CONTENT_LENGTH=64 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,  # addresses of static files change with their content
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_I18N_ENABLED=False,  # WTForms' own catalogue serves, by web.forms.Form
    )
    app.url_map.converters["int"] = RecordNumber
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions[EXTENSION] = runtime
    app.extensions[status.EXTENSION] = status.Counters()
    app.extensions[status.ACCESS] = AccessLog(runtime.home)
    language.words()  # a label given twice stops the start, not a page
    display.set_up_templates(app)
    _set_up_requests(app)
    _register(app)
    errors.set_up_errors(app)
    gate.require_declarations(app)
    if runtime.settings.trusted_proxies:
        app.wsgi_app = proxies.behind_proxies(app.wsgi_app, runtime.settings.trusted_proxies)  # type: ignore[method-assign, assignment]
    return app


def _set_up_requests(app: Flask) -> None:
    """What happens around every request, in this order: number it, who is it, may he, is it our own form."""
    app.before_request(_number_request)
    app.before_request(status.begin_request)
    app.before_request(signing.load_actor)
    app.before_request(security.bound_body)
    app.before_request(security.check_origin)
    app.before_request(gate.check_act)
    CSRFProtect(app)
    app.before_request(held.take_up)
    app.after_request(compression.pack_answer)  # the last of these is asked first
    app.after_request(security.add_headers)
    app.after_request(status.count_request)
    app.context_processor(frame.page_context)


def _number_request() -> None:
    g.request_id = secrets.token_hex(4)
    request_number.set(g.request_id)


def _register(app: Flask) -> None:
    from web.account.signing_in import ask_again  # views import this package

    gate.act("site.read")(app.view_functions["static"])
    app.register_blueprint(status.blueprint)
    entries: list[navigation.Entry] = []
    for name in AUDIENCES:
        package = import_module(f"web.{name}")
        blueprint: Blueprint = package.blueprint
        app.register_blueprint(blueprint)
        entries.extend(package.NAVIGATION)
    app.register_error_handler(gate.SessionEnded, ask_again)
    navigation.set_up_navigation(app, entries)
    once.set_up_keys(app)
    protect = app.extensions["csrf"]
    for view in app.view_functions.values():
        if gate.is_unguarded(view):
            protect.exempt(view)

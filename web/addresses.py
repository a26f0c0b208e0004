"""Addresses of the page being shown: itself, another page of its list, the same with an argument changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import current_app, request, url_for

_KEPT = "matchhub_addresses"


def route_url(endpoint: str, **values: Any) -> str:
    """``url_for`` for templates: addresses without values, some forty in the frame of every page, are built once."""
    if values or endpoint.startswith("."):
        return url_for(endpoint, **values)
    kept: dict[tuple[str, str], str] = current_app.extensions.setdefault(_KEPT, {})
    key = (request.script_root, endpoint)
    if key not in kept:
        kept[key] = url_for(endpoint)
    return kept[key]


def page_address() -> str:
    """The address of the page being shown; that of a refused form is where the form was sent from."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:  # what another program sends there need be no address
        return url_for("home.index")
    if came_from.netloc != request.host:
        return url_for("home.index")
    return f"{came_from.path}?{came_from.query}".rstrip("?")


def address_with(changed: Mapping[str, str | None]) -> str:
    """The address of the page being shown with arguments changed; ``None`` leaves one out."""
    path, _, query = page_address().partition("?")
    arguments: dict[str, list[str]] = parse_qs(query, keep_blank_values=True)
    arguments |= {name: [] if value is None else [value] for name, value in changed.items()}
    said = urlencode(arguments, doseq=True)
    return f"{path}?{said}" if said else path


def page_url(number: int) -> str:
    """The address of another page of the list being shown, with its filters."""
    return address_with({"page": str(number)})

"""The page on which a single button was pressed, shown again with the reason why the act was refused.

Forms with fields are shown again by their own views (``web.page_forms``). A button alone has no view that would do so:
here the page that sent it, which the browser names, is rendered once more under the status of the refusal. Whoever
names no page of ours (a program, another site) gets the plain answer.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from flask import current_app, flash, make_response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from matchhub.errors import NotAllowed, Refusal

_KEPT_HEADERS = ("Cookie", "Accept-Language", "User-Agent")


def page_pressed_on(refusal: Refusal, status: int, sentence: str) -> Response | None:
    """The page with ``sentence`` as its notice and ``status``; ``None`` where there is no such page to show.

    It is rendered for whoever sent the request, so it shows nothing that a look at it would not.
    """
    place = _own_page()
    if place is None or refusal.code == NotAllowed.code:
        return None
    headers = {name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers}
    again = current_app.test_request_context(
        place.path, query_string=place.query, base_url=request.url_root, headers=headers,
        environ_base={"REMOTE_ADDR": request.remote_addr or ""},
    )  # fmt: skip
    with again:
        flash(sentence, "danger")
        try:
            page = make_response(current_app.preprocess_request() or current_app.dispatch_request())
        except (Refusal, HTTPException):
            return None
        if page.status_code != 200 or page.mimetype != "text/html" or page.is_streamed:
            return None
        return Response(page.get_data(), status, mimetype="text/html")


def _own_page() -> SplitResult | None:
    """The page of this site that the request says it was sent from."""
    try:
        place = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return None
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    own = f"{place.scheme}://{place.netloc}" == request.host_url.rstrip("/")
    return place if request.method == "POST" and own and not part and not place.path.startswith("/static/") else None

"""The site on the first screen of a telephone: its manifest and icons. Nothing is pushed through anybody outside."""

from __future__ import annotations

from flask import Response, json, url_for

from web.display import asset, city
from web.gate import act
from web.home import blueprint
from web.language import language_tag, t

SIZES = (180, 192, 512)
THEME, GROUND = "#16323f", "#f4f6f7"


@blueprint.get("/manifest.webmanifest")
@act("site.read")
def manifest() -> Response:
    """What a telephone needs to put the site on its first screen."""
    icons = [
        {"src": asset(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in SIZES
        for purpose in ("any", "maskable")
    ]
    said = {
        "name": t(f"{city()}专利供需对接", f"{city()} patent matching"),
        "short_name": t("专利对接", "matchhub"),
        "lang": language_tag(),
        "start_url": url_for("home.index"),
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": GROUND,
        "icons": icons,
    }
    return Response(json.dumps(said), mimetype="application/manifest+json")

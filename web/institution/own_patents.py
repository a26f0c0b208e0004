"""Own patents as a list to work with: searched, filtered, ordered; chosen over pages, and what is chosen as a file.

The list is one form sent by GET: its address is the whole state, so it can be kept, shared and gone back to, and the
boxes ticked on one page go along to the next without a script.
"""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from matchhub.services.patents.page import patent_view
from matchhub.services.worklists import institution_home, own_patents
from matchhub.services.worklists.own_patents import OwnFilters, OwnPatent, OwnPatents
from web.gate import act
from web.institution import blueprint
from web.language import t, word
from web.paging import asked_numbers, asked_page, asked_text
from web.sheets import Columns, table_file
from web.units import reading


@blueprint.get("/patents")
@act("patent.keep_own")
def patents() -> str:
    """Own patents with search, filters, order and a selection that goes along from page to page."""
    filters = _filters()
    with reading() as unit:
        found = own_patents.own_patents(unit, asked_page(), filters)
    chosen = _chosen(found)
    return render_template(
        "institution/patents.html", own=found, page=found.page, filters=filters, chosen=chosen,
        ways={"fits": own_patents.FITS, "offers": own_patents.OFFERS, "sorts": own_patents.SORTS},
    )  # fmt: skip


@blueprint.get("/patents.<ending>")
@act("patent.keep_own")
def patents_file(ending: str) -> Response:
    """The chosen own patents as csv or xlsx; with none chosen those that the filters find."""
    with reading() as unit:
        found = own_patents.own_patents(unit, 1, _filters())
        chosen = _chosen(found)
        rows = own_patents.chosen_patents(unit, chosen or found.found)
    order = {key: place for place, key in enumerate(found.found)}
    rows = tuple(sorted(rows, key=lambda each: order.get(each.patent.id, len(order))))
    return table_file(ending, "own-patents", t("本单位专利", "Own patents"), _columns(), rows)


@blueprint.get("/patents/<int:patent_id>")
@act("patent.keep_own")
def patent(patent_id: int) -> str:
    """One own patent with the demands it fits best and why."""
    with reading() as unit:
        pairs = institution_home.demands_for_patent(unit, patent_id)
        view = patent_view(unit, patent_id)
    return render_template("institution/patent.html", patent=view, pairs=pairs)


def _filters() -> OwnFilters:
    return OwnFilters(
        words=asked_text("q"),
        symbol=asked_text("symbol"),
        validity=asked_text("validity"),
        fit=asked_text("fit"),
        offer=asked_text("offer"),
        sort=asked_text("sort") or "fit",
    )


def _chosen(found: OwnPatents) -> tuple[int, ...]:
    """What is chosen: what came along, less the boxes of the page before that are not ticked, what a button took."""
    shown, ticked = set(asked_numbers("shown")), asked_numbers("tick")
    chosen = list(dict.fromkeys([*(key for key in asked_numbers("kept") if key not in shown), *ticked]))
    take = asked_text("take")
    if take == "none":
        return ()
    taken = {"page": tuple(each.patent.id for each in found.page.items), "all": found.found}.get(take, ())
    return tuple(dict.fromkeys([*chosen, *taken]))[: own_patents.MOST_CHOSEN]


def _columns() -> Columns:
    return [
        (t("号码", "Number"), 20, lambda each: each.patent.number),
        (t("名称", "Title"), 44, lambda each: each.patent.title),
        (t("种类", "Kind"), 12, lambda each: word("patent_type", each.patent.patent_type)),
        (t("法律状态", "Legal status"), 12, lambda each: word("validity", each.patent.validity)),
        (t("主分类号", "Main class"), 14, lambda each: each.patent.main_class),
        (t("权利人", "Holder"), 36, lambda each: "；".join(each.patent.holders)),
        (t("日期", "Day"), 12, lambda each: each.patent.day),
        (t("适配需求（条）", "Demands it fits"), 14, lambda each: each.demands),
        (t("最高匹配度", "Best score"), 12, _percent),
        (t("挂牌", "On offer"), 14, lambda each: word("own_offer", each.listing or "neither")),
        (t("开放许可", "Open licence"), 12, lambda each: t("是", "yes") if each.patent.offered else ""),
    ]


def _percent(each: OwnPatent) -> int | None:
    return None if each.best is None else round(each.best * 100)

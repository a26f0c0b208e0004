"""The report of a claim (申报报告): what each clause counts, how, what is missing, how it grew, what checks found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from matchhub.domain.counting.progress import ThresholdProgress
from matchhub.dossier.papers import TO_FILL, demo_mark, goal_rows
from matchhub.reports.charts import Growth, growth_svg
from matchhub.reports.official import chinese_numeral, closed_up, day_words
from matchhub.reports.typeset import typeset
from matchhub.services.claim.gaps import Weight
from matchhub.services.claim.package import PackageFacts
from matchhub.services.kernel.settings import OperatorSettings
from matchhub.wording import label, tally

_MOST_REASONS = 8
Part = dict[str, object]


def report(facts: PackageFacts, applicant: OperatorSettings) -> bytes:
    """The PDF. Raises ``FontMissing``."""
    content = {
        "title": [f"关于申报{facts.goal.goal.title_zh}", "奖励资金的报告"],
        "mark": demo_mark(facts),
        "subtitle": f"（统计截止日期：{day_words(facts.as_of)}）",
        "applicant": applicant.name or f"申报单位{TO_FILL}",
        "day": day_words(facts.as_of),
        "parts": list(_parts(facts)),
    }
    return typeset("claim_report", content, facts.as_of)


def _parts(facts: PackageFacts) -> Iterator[Part]:
    yield from _summary(facts)
    yield _chapter("二、各项指标")
    for number, each in enumerate(facts.goal.thresholds):
        yield from _threshold(facts, each, number)
    yield from _samples(facts)
    yield from _gaps(facts)
    yield from _method(facts)


def _summary(facts: PackageFacts) -> Iterator[Part]:
    goal, window = facts.goal.goal, facts.pack.window
    met = sum(each.met for each in facts.goal.thresholds)
    yield _chapter("一、总体情况")
    yield _text(
        f"本次申报依据{facts.pack.title_zh}（{facts.pack.document}）{goal.citation.clause}。该条款要求：{goal.citation.summary}。"
    )
    state = "均已达到" if facts.goal.earned else f"有 {met} 项达到、{len(facts.goal.thresholds) - met} 项尚未达到"
    yield _stuck(
        f"截至{day_words(facts.as_of)}，{len(facts.goal.thresholds)} 项指标{state}要求。"
        f"政策期为{day_words(window.from_on)}至{day_words(window.to_on)}"
        f"{'，已经届满；政策期内发生的事项按补充的证明材料继续认定' if window.ended(facts.as_of) else ''}。"
    )
    yield _table(("指标", "要求", "严格口径", "文义口径", "是否达到"), (5, 2, 2, 2, 3), goal_rows(facts), (1, 2, 3))


def _threshold(facts: PackageFacts, each: ThresholdProgress, place: int) -> Iterator[Part]:
    threshold, number = each.threshold, place + 1
    unit = label("count_unit", threshold.unit)
    yield _section(f"（{chinese_numeral(number)}）{threshold.title_zh}")
    days = "，仅计政策期内发生的事项" if threshold.windowed else ""
    yield _text(f"条款要求：{threshold.citation.summary}。统计方法：以“{unit}”为计数单位{days}，重复登记的只计一次。")
    result = "达到要求" if each.met else f"尚缺 {each.missing:,}"
    yield _stuck(
        f"认定结果：严格口径 {each.count.strict:,}，文义口径 {each.count.literal:,}，要求 {threshold.least:,}，"
        f"{result}。台账共 {len(facts.ledgers[threshold.key]):,} 行。"
    )
    if each.other is not None:
        other = label("count_unit", each.other.unit)
        yield _stuck(f"如按“{other}”计数：严格口径 {each.other.strict:,}，文义口径 {each.other.literal:,}。")
    rows = facts.growth[threshold.key]
    growth = Growth(
        [str(row["month"]) for row in rows],
        [int(str(row["literal"])) for row in rows],
        [int(str(row["strict"])) for row in rows],
        threshold.least,
    )
    words = f"图{number}　{threshold.title_zh}按月累计数量（单位：{unit}）"
    yield {"kind": "chart", "svg": growth_svg(growth), "words": words}
    reasons = _reasons(facts, each)
    if reasons:
        yield _stuck("未按严格口径计入的记录，主要原因和涉及的记录数如下（一条记录可有多项原因）：")
        yield _table(("原因", "记录数"), (6, 1), reasons, (1,))


def _reasons(facts: PackageFacts, each: ThresholdProgress) -> list[tuple[str, str]]:
    """The most frequent reasons against records, each with what all its records have in common, and their number."""
    said: dict[str, list[Mapping[str, object]]] = {}
    for row in facts.ledgers[each.threshold.key]:
        for reason in row.against:
            said.setdefault(reason.code, []).append(reason.data)
    chosen = list(each.reasons.items())[:_MOST_REASONS]
    return [(tally(code, said.get(code, [])), f"{number:,}") for code, number in chosen]


def _samples(facts: PackageFacts) -> Iterator[Part]:
    yield _chapter("三、抽查核实")
    rows = [
        (
            each.threshold.title_zh,
            f"{share.looked:,}",
            f"{share.looked - share.faulty:,}",
            f"{1 - share.high:.1%} 至 {1 - share.low:.1%}",
            f"{each.supported:,}",
            "达到" if each.supported >= each.threshold.least else "低于要求",
        )
        for each in facts.goal.thresholds
        if each.check is not None and each.supported is not None and (share := each.check.share)
    ]
    confidence = next((each.check.share.percent for each in facts.goal.thresholds if each.check is not None), "")
    if not rows:
        yield _text("截至本报告所依据的时刻，主管部门尚未完成抽查，各项数量未经抽查核实。")
        return
    yield _stuck(
        "主管部门按随机种子抽取记录核查，最近一次按本规则包抽取且已结束的抽查结果如下"
        f"（区间为 {confidence}% 置信区间，"
        "可支持数为抽查能够支持的数量）；"
        "未列出的指标尚未抽查，没有可支持数："
    )
    yield _table(
        ("指标", "核查条数", "属实条数", "属实比例区间", "可支持数", "与要求相比"), (4, 2, 2, 4, 2, 2), rows, (1, 2, 4)
    )


def _gaps(facts: PackageFacts) -> Iterator[Part]:
    yield _chapter("四、材料缺项")
    weights = Counter((gap.threshold, gap.weight) for gap in facts.gaps)
    kinds: tuple[Weight, ...] = ("needed", "advised", "uncounted")
    rows = [
        (each.threshold.title_zh, *(f"{weights[each.threshold.key, kind]:,}" for kind in kinds))
        for each in facts.goal.thresholds
    ]
    yield _stuck("按记录逐条检查，缺项情况如下，明细见“缺项清单”：")
    heads = ("指标", *(label("package_gap", kind) for kind in kinds))
    yield _table(heads, (4, 3, 3, 3), rows, (1, 2, 3))


def _method(facts: PackageFacts) -> Iterator[Part]:
    head = facts.log.head
    yield _chapter("五、认定口径和校验方法")
    yield _text(
        "文义口径按条款字面理解计数；严格口径在此基础上要求身份可核、证明材料齐备、双方确认、相互独立，并剔除重复，"
        "申报以严格口径为准。数量由登记记录按规则包计算得出，任何人不能直接填写。"
    )
    masked = "姓名和联系方式已作去标识化处理，涉及个人信息的同意书、授权书只列摘要、不附文件。"
    yield _stuck(
        f"本材料包{'含有个人信息，请妥善保管。' if facts.wish.unmasked else masked}"
        "校验时将材料包解压，以 Python 3.9 以上版本运行其中的 verify.py，无需联网。"
    )
    sealed = f"，其中 {facts.log.sealed:,} 条只列哈希值" if facts.log.sealed else ""
    confirmed = "已经主管部门确认" if facts.pack_confirmed else "尚未经主管部门确认"
    last = _table(
        ("项目", "内容"),
        (2, 6),
        [
            ("规则包", f"{facts.pack.key}（{confirmed}）"),
            ("规则包 SHA-256", _broken(facts.pack.digest)),
            ("日志", f"共 {head['entries']:,} 条{sealed}"),
            ("日志末端哈希值", _broken(str(head["last_hash"]))),
        ],
        (),
    )
    yield {**last, "sticky": True}


def _broken(digest: str) -> str:
    """A digest in groups of eight, so that a line can end between them."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _chapter(words: str) -> Part:
    return {"kind": "chapter", "words": words}


def _section(words: str) -> Part:
    return {"kind": "section", "words": words}


def _text(words: str) -> Part:
    return {"kind": "text", "words": closed_up(words), "sticky": False}


def _stuck(words: str) -> Part:
    """A text that stays with the table or the chart below it."""
    return {**_text(words), "sticky": True}


def _table(
    headings: tuple[str, ...], widths: tuple[int, ...], rows: Sequence[tuple[str, ...]], numbers: tuple[int, ...]
) -> Part:
    cells = [[closed_up(cell) for cell in row] for row in rows]
    return {
        "kind": "table", "headings": headings, "widths": widths, "rows": cells, "numbers": numbers, "sticky": False,
    }  # fmt: skip

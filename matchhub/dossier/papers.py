"""The two letters of a claim: 申报书 (application) and 承诺书 (undertaking), filled from the facts and the settings."""

from __future__ import annotations

from matchhub.domain.amounts import yuan_in_capitals
from matchhub.dossier.ledgers import DEMO, Showing
from matchhub.reports.letters import Block, Box, Heading, Signature, Table, Text, write_letter
from matchhub.reports.official import day_words
from matchhub.services.claim.package import PackageFacts
from matchhub.services.kernel.settings import OperatorSettings
from matchhub.wording import label

TO_FILL = "（待填写）"
_LINE = 26  # of the undertaking, which is signed on one page
_DAY_TO_FILL = "日期：　　　　年　　月　　日"
FIELDS = ("name", "uscc", "representative", "contact", "phone", "address", "email", "bank", "account")
"""What a claim says of who claims, in order; fields of ``OperatorSettings``."""
_SAMPLES = "samples（文件夹）"
_CONTENTS = (
    ("申报书.docx", "申报书，加盖公章"), ("承诺书.docx", "承诺书，法定代表人签字并加盖公章"),
    ("申报报告.pdf", "各项指标的数量、统计方法、缺项和增长情况"), ("缺项清单.xlsx", "逐条列明尚缺的材料"),
    ("ledgers（文件夹）", "各项指标的台账，逐条列明认定结果、原因和证据"),
    ("evidence（文件夹）", "按记录归集的证明材料"),
    (_SAMPLES, "抽查核实表和结果（已结束的抽查）"), ("pack（文件夹）", "认定所依据的规则包"),
    ("log（文件夹）", "操作日志摘录和校验点"), ("manifest.json", "全部文件的 SHA-256 清单"),
    ("claim.json", "供校验程序读取的数量和来源"), ("verify.py", "离线校验程序"),
)  # fmt: skip
_PROMISES = (
    "一、本单位所提交的申报材料真实、准确、完整，复印件与原件一致，不存在虚构交易、重复申报或者隐瞒关联关系的情形。",
    "二、申报所列专利、企业、专家、服务机构、需求、推送、交易和许可均有登记记录和证明材料可查，愿意接受主管部门的抽查核实。",
    "三、同一事项未以其他名义重复申领同类财政奖励资金。",
    "四、对申报中涉及的个人信息依法取得同意并妥善保管，不用于申报以外的目的。",
    "五、如有不实，愿意退回已领取的全部奖励资金，并依法承担相应责任。",
)


def application(facts: PackageFacts, applicant: OperatorSettings, showing: Showing) -> bytes:
    """The 申报书 as .docx."""
    goal = facts.goal.goal
    unit = [(label("package_applicant", field), getattr(applicant, field) or TO_FILL) for field in FIELDS]
    matter = [
        ("政策文件", f"{facts.pack.title_zh}（{facts.pack.document}）"),
        ("申报条款", f"{goal.citation.clause} {goal.title_zh}"),
        ("条款内容（摘要）", goal.citation.summary),
        ("申报金额", f"{goal.bonus_yuan:,} 元（人民币{yuan_in_capitals(goal.bonus_yuan)}）"),
        ("统计截止日期", day_words(facts.as_of)),
        ("政策期", f"{day_words(facts.pack.window.from_on)}至{day_words(facts.pack.window.to_on)}"),
    ]
    verdict = "各项指标均已达到要求。" if facts.goal.earned else "尚有指标未达到要求，详见申报报告。"
    blocks: list[Block] = [
        Heading("一、申报单位"),
        Table((40, 116), unit),
        Heading("二、申报事项"),
        Table((40, 116), matter),
        Heading("三、指标完成情况"),
        Text(f"以下数量截至{day_words(facts.as_of)}，按严格口径认定，文义口径一并列出供核对。{verdict}", keep=True),
        Table((52, 24, 26, 26, 28), goal_rows(facts), ("指标", "要求", "严格口径", "文义口径", "是否达到"), (1, 2, 3)),
        Heading("四、申报材料目录"),
        Table((46, 110), _contents(facts), ("文件或文件夹", "内容")),
        Heading("五、材料校验"),
        Text("材料包内附离线校验程序，可逐一核对文件是否改动、缺失或者增加，并按台账重新计数。依据如下：", keep=True),
        Table((40, 116), _anchors(facts)),
        Signature((f"申报单位（盖章）：{applicant.name}", "法定代表人（签字）：", _DAY_TO_FILL)),
        Heading("六、主管部门审核意见"),
        Box(("审核人（签字）：", "主管部门（盖章）：", _DAY_TO_FILL)),
    ]
    return write_letter((facts.pack.title_zh, "奖励资金申报书"), blocks, facts.as_of, mark=demo_mark(facts))


def _contents(facts: PackageFacts) -> list[tuple[str, str]]:
    """What the package holds; sheets of spot checks only where one was closed."""
    return [each for each in _CONTENTS if any(facts.samples.values()) or each[0] != _SAMPLES]


def undertaking(facts: PackageFacts, applicant: OperatorSettings) -> bytes:
    """The 承诺书 as .docx."""
    goal = facts.goal.goal
    blocks: list[Block] = [
        Text(f"{facts.pack.local.name_zh}市场监督管理局：", flush=True),
        Text(
            f"本单位{applicant.name or TO_FILL}依据{facts.pack.title_zh}（{facts.pack.document}）"
            f"{goal.citation.clause}，申报“{goal.title_zh}”奖励资金人民币{yuan_in_capitals(goal.bonus_yuan)}，现郑重承诺如下：",
            line=_LINE,
        ),
        *(Text(each, line=_LINE) for each in _PROMISES),
        Text("特此承诺。", keep=True, line=_LINE),
        Signature((f"承诺单位（盖章）：{applicant.name}", "法定代表人（签字）：", _DAY_TO_FILL)),
    ]
    return write_letter(("申报承诺书",), blocks, facts.as_of, mark=demo_mark(facts))


def demo_mark(facts: PackageFacts) -> str:
    """What stands above every page of an invented city."""
    return DEMO if facts.demo else ""


def goal_rows(facts: PackageFacts) -> list[tuple[str, str, str, str, str]]:
    """Title, required, strict, literal and whether it is reached, of each threshold."""
    return [
        (
            each.threshold.title_zh,
            f"{each.threshold.least:,}",
            f"{each.count.strict:,}",
            f"{each.count.literal:,}",
            "达到" if each.met else f"尚缺 {each.missing:,}",
        )
        for each in facts.goal.thresholds
    ]


def _anchors(facts: PackageFacts) -> list[tuple[str, str]]:
    confirmed = "已经主管部门确认" if facts.pack_confirmed else "尚未经主管部门确认"
    return [
        ("规则包", f"{facts.pack.key}（{confirmed}）"),
        ("规则包 SHA-256", facts.pack.digest),
        ("日志条数", f"{facts.log.head['entries']:,}"),
        ("日志末端哈希值", str(facts.log.head["last_hash"])),
    ]

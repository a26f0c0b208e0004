"""A pack with several thresholds over one kind of record, as somebody might write it: a few lines each."""

from __future__ import annotations

from matchhub.domain.rules import RulePack
from matchhub.policy import read_pack
from tests.policy.packs import FILE, KEY


def threshold(key: str, counter: str, unit: str, where: str = "", required: int = 100, other_unit: str = "") -> str:
    """One ``[[goals.thresholds]]`` of a pack's file."""
    return f"""
[[goals.thresholds]]
key = "{key}"
counter = "{counter}"
title_zh = "指标 {key}"
title_en = "Threshold {key}"
required = {required}
unit = "{unit}"
other_unit = "{other_unit}"
summary = "试例"
where = {{ {where} }}
"""


MANY = (
    threshold("deals_any", "deals", "contract", other_unit="buyer"),
    threshold("deals_in_use", "deals", "patent", "local = true, implemented = true"),
    threshold("deals_dear", "deals", "buyer", 'least_yuan = 100000, deal_types = ["transfer"]'),
    threshold("deals_of_shoes", "deals", "patent", 'industries = ["footwear", "umbrellas"], year = 2024'),
    threshold("patents_utility", "patents", "patent", 'patent_types = ["utility_model"]'),
    threshold("firms_here", "enterprises", "enterprise", "local = true"),
    threshold("demands_anywhere", "demands", "enterprise", other_unit="demand"),
    threshold("licences_anywhere", "licences", "licensee", other_unit="patent"),
)


def pack_with(*thresholds: str, key: str = KEY) -> bytes:
    """The file of the shipped pack with more thresholds in its last goal."""
    text = FILE.read_text(encoding="utf-8").replace(f'key = "{KEY}"', f'key = "{key}"', 1)
    return text.replace("\n[patents]\n", "".join(thresholds) + "\n[patents]\n", 1).encode()


def many_thresholds() -> RulePack:
    """The shipped pack with several thresholds over one kind."""
    return read_pack(KEY, pack_with(*MANY))

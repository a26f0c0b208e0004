"""E-mail addresses as people type them: lists, names, full width, Chinese domains; what is unusable is told."""

from __future__ import annotations

import pytest

from matchhub.domain.addresses import address_key, normal_field, read_addresses, usable_address

GOOD = [
    ("li@qq.com", [("li@qq.com", "")]),
    ("李工 <li@qq.com>；wang@163.com", [("li@qq.com", "李工"), ("wang@163.com", "")]),
    (
        "a@x.cn，b@y.cn,c@z.cn;d@w.cn、e@v.cn f@u.cn",
        [(f"{a}@{b}.cn", "") for a, b in zip("abcdef", "xyzwvu", strict=True)],
    ),
    ("ｌｉ＠ｑｑ．ｃｏｍ", [("li@qq.com", "")]),
    ("li@qq。com", [("li@qq.com", "")]),
    ("wang@例子.cn", [("wang@xn--fsqu00a.cn", "")]),
    ("wang@公司.中国", [("wang@xn--55qx5d.xn--fiqs8s", "")]),
    ("李工(li@qq.com)", [("li@qq.com", "李工")]),
    ("李工：li@qq.com", [("li@qq.com", "李工")]),
    ('"Li, Gong" <li@qq.com>, x@y.cn', [("li@qq.com", "Li, Gong"), ("x@y.cn", "")]),
    ("李工 li@qq.com 王工 wang@qq.com", [("li@qq.com", "李工"), ("wang@qq.com", "王工")]),
    ("mailto:li@qq.com", [("li@qq.com", "")]),
    ("li @ qq.com", [("li@qq.com", "")]),
    ("a@x.cn/b@y.cn", [("a@x.cn", ""), ("b@y.cn", "")]),
    ("Li@QQ.com li@qq.com", [("Li@qq.com", "")]),
    ("\u200bli@qq.com\u00a0", [("li@qq.com", "")]),
    ("li+tag_1@sub.qq.com.", [("li+tag_1@sub.qq.com", "")]),
]
BAD = [
    ("李工@qq.com", "address_local_part"),
    ("无", "address_not_one"),
    ("13800000000", "address_not_one"),
    ("a@b@c.cn", "address_not_one"),
    ("zhang san@qq.com", "address_not_one"),
    ("a..b@qq.com", "address_local_part_wrong"),
    (f"{'x' * 70}@qq.com", "address_local_part_wrong"),
    ("a@localhost", "address_domain"),
    ("a@qq", "address_domain"),
    ("a@-x.cn", "address_domain"),
    ("a@x_y.cn", "address_domain"),
]


@pytest.mark.parametrize(("typed", "read"), GOOD)
def test_usable_addresses_are_read_with_their_names_apart(typed: str, read: list[tuple[str, str]]) -> None:
    found = read_addresses(typed)
    assert [(each.address, each.name) for each in found.usable] == read
    assert found.unusable == ()
    assert all(each.address.isascii() for each in found.usable)


@pytest.mark.parametrize(("typed", "code"), BAD)
def test_what_no_letter_can_go_to_is_told_and_not_guessed(typed: str, code: str) -> None:
    found = read_addresses(typed)
    assert (found.usable, [each.code for each in found.unusable]) == ((), [code])
    assert usable_address(typed) is None
    assert normal_field(typed) == typed, "nothing typed is lost"


def test_one_wrong_address_of_a_list_leaves_the_others() -> None:
    found = read_addresses("李工@qq.com；li@qq.com")
    assert [each.address for each in found.usable] == ["li@qq.com"]
    assert [each.typed for each in found.unusable] == ["李工@qq.com"]


@pytest.mark.parametrize("typed", [None, "", "  ", "；；", "，"])
def test_nothing_is_no_address_and_no_fault(typed: str | None) -> None:
    assert read_addresses(typed) == read_addresses("")


@pytest.mark.parametrize("typed", ["Li@QQ.com", "ｌｉ＠qq.com", "李工 <li@qq.com>"])
def test_a_bounced_address_is_known_again_however_it_is_typed(typed: str) -> None:
    assert address_key(typed) == "li@qq.com"


@pytest.mark.parametrize(("typed", "_"), GOOD)
def test_the_tidied_field_reads_as_the_same_addresses(typed: str, _: object) -> None:
    tidied = normal_field(typed)
    assert [each.key for each in read_addresses(tidied).usable] == [each.key for each in read_addresses(typed).usable]
    assert normal_field(tidied) == tidied

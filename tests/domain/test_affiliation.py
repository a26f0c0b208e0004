"""Parties that belong together, directly or over others, with the evidence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchhub.domain.affiliation import affiliation_groups, affiliations_between, shared_traits
from matchhub.domain.counting.facts import AffiliationFact
from matchhub.domain.deals import PartyTraits


def party(party_id: Any, **traits: Any) -> PartyTraits:
    return PartyTraits(party_id=party_id, **traits)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("legal_representative", {"legal_representative": "王 某"}, {"legal_representative": "王某"}),
        ("shareholder", {"shareholders": ("甲公司",)}, {"shareholders": ("乙公司", "甲公司")}),
        ("shareholder", {"legal_representative": "王某"}, {"shareholders": ("王某",)}),
        ("phone", {"phones": ("0595-8566 1234",)}, {"phones": ("059585661234",)}),
        ("phone", {"phones": ("+86 138 0013 8000",)}, {"phones": ("13800138000",)}),
        ("address", {"addresses": ("晋江市某路1号",)}, {"addresses": ("晋江市 某路１号",)}),
        ("agent_owner", {"agent_owner": "某事务所"}, {"agent_owner": "某事务所"}),
        ("same_party", {"uscc": "914403001922038217"}, {"uscc": "914403001922038217"}),
    ],
)
def test_a_shared_trait_binds(kind: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    parties = [party("a", **one), party("b", **other)]
    (link, *_) = affiliations_between(("a",), ("b",), parties)
    assert (link.kind, {link.first, link.second}) == (kind, {"a", "b"})


def test_parties_that_share_nothing_are_independent() -> None:
    parties = [party("a", legal_representative="王某", phones=("1",)), party("b", legal_representative="李某")]
    assert affiliations_between(("a",), ("b",), parties) == ()
    assert affiliation_groups(parties) == [frozenset({"a"}), frozenset({"b"})]


def test_empty_traits_bind_nobody() -> None:
    parties = [party(n, legal_representative=" ", phones=("",), addresses=("",), uscc="") for n in (1, 2)]
    assert shared_traits(parties) == []


def test_affiliation_is_transitive_and_shows_its_chain() -> None:
    parties = [
        party("a", legal_representative="王某"),
        party("b", legal_representative="王某", phones=("85661234",)),
        party("c", phones=("8566-1234",), addresses=("某路1号",)),
        party("d", addresses=("某路1号",)),
        party("e"),
    ]
    chain = affiliations_between(("a",), ("d",), parties)
    assert [link.kind for link in chain] == ["legal_representative", "phone", "address"]
    assert affiliation_groups(parties) == [frozenset("abcd"), frozenset("e")]


def test_declared_links_bind_too() -> None:
    tie = AffiliationFact(kind="shareholder", first="a", second="x", shared="持股60%", source="企业信用信息公示系统")
    parties = [party("a"), party("x", phones=("1234567",)), party("b", phones=("1234567",))]
    assert len(affiliations_between(("a",), ("b",), parties, [tie])) == 2
    assert affiliation_groups(parties, [tie]) == [frozenset("axb")]


def test_a_party_on_both_sides_is_bound_to_itself() -> None:
    (link,) = affiliations_between(("a", "b"), ("b",), [])
    assert (link.kind, link.first, link.second) == ("same_party", "b", "b")


def test_one_bound_pair_of_many_parties_is_enough() -> None:
    parties = [party("a"), party("b", legal_representative="王某"), party("c"), party("d", legal_representative="王某")]
    assert affiliations_between(("a", "b"), ("c", "d"), parties)


@given(st.lists(st.tuples(st.integers(0, 15), st.sampled_from("pqrs"), st.sampled_from("xyz")), max_size=30))
def test_every_party_stands_in_one_group_and_order_does_not_matter(traits: list[tuple[int, str, str]]) -> None:
    parties = [party(n, legal_representative=person, addresses=(place,)) for n, person, place in traits]
    groups = affiliation_groups(parties)
    members = [member for group in groups for member in group]
    assert sorted(members) == sorted({n for n, _, _ in traits})
    assert affiliation_groups(parties[::-1]) == groups
    for group in groups:
        first, *others = sorted(group)
        assert all(affiliations_between((first,), (other,), parties) for other in others)

"""An invented base of any size, written in bulk with its entries in the chain: what ``bench/counting.py`` counts."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from matchhub.db.base import Base
from matchhub.db.tables import ImportBatch
from matchhub.domain.identifiers import application_check_digit, normalise_uscc
from matchhub.domain.parties import normalise_name
from matchhub.services.kernel.bulk import insert_columns
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Unit

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BEGAN = datetime(2024, 3, 4, 2, 0, tzinfo=UTC)
_WORDS = ("鞋底", "雨伞骨架", "织带", "石材切割", "注塑模具", "拉链", "面料涂层", "泵阀密封")
Sizes = Mapping[str, int]
SIZES: Sizes = {"patents": 100_000, "enterprises": 20_000, "demands": 10_000, "pushes": 50_000, "deals": 2_000,
                "experts": 1_000, "agencies": 200, "offers": 2_000, "licences": 1_000}  # fmt: skip


def fill(runtime: Runtime, sizes: Sizes) -> None:
    """Write the invented city: a third of everything falls short of a strict count in one way or another."""
    chance = random.Random(11)
    for step in (_stock, _people, _demands, _pushes, _licences, _deals):
        with runtime.unit() as unit:
            step(unit, sizes, chance)
            append_event(unit, "batch.imported", "batches")


def _put(unit: Unit, table: str, columns: Mapping[str, Sequence[Any]], **same: Any) -> None:
    held = Base.metadata.tables[table]
    dated = {"recorded_at": _BEGAN, "updated_at": _BEGAN} if "updated_at" in held.c else {"recorded_at": _BEGAN}
    insert_columns(unit, held, columns, (dated if "recorded_at" in held.c else {}) | same)


def number_of(place: int) -> str:
    """Application number of the patent ``place``."""
    digits = f"{2010 + place % 12}1{place:07d}"
    return f"{digits}.{application_check_digit(digits)}"


def code_of(place: int) -> str:
    """A sound code of the invented firm ``place``; local unless it is every seventh."""
    tail = "".join(_ALPHABET[place // 31**power % 31] for power in (2, 1, 0))
    body = f"91{'350526' if place % 7 == 0 else '350582'}" + _organisation(f"MABCH{tail}")
    total = sum(_ALPHABET.index(sign) * pow(3, at, 31) for at, sign in enumerate(body))
    return normalise_uscc(body + _ALPHABET[(31 - total % 31) % 31])


def _organisation(body: str) -> str:
    values = [int(sign) if sign.isdigit() else ord(sign) - ord("A") + 10 for sign in body]
    total = sum(weight * value for weight, value in zip((3, 7, 9, 10, 5, 8, 4, 2), values, strict=True))
    return body + "0123456789X0"[11 - total % 11]


def _stock(unit: Unit, sizes: Sizes, chance: random.Random) -> None:
    batch = ImportBatch(kind="patents", source_name="bench", files=[], started_at=_BEGAN)
    unit.session.add(batch)
    unit.session.flush()
    _put(unit, "batch_sources", {"batch_id": [batch.id]}, kind="register", issuer="国家知识产权局",
         issued_on=date(2026, 11, 1))  # fmt: skip
    ids = range(1, sizes["patents"] + 1)
    titles = [f"一种{_WORDS[at % 8]}的制备方法之{at}" for at in ids]
    holders = [f"福建某大学{at % 40}" for at in ids]
    numbers: list[str | None] = [None if at % 50 == 0 else number_of(at) for at in ids]
    _put(unit, "patents", {
        "id": ids, "application_number": numbers, "publication_number": [f"CN{100000000 + at}A" for at in ids],
        "title": titles, "filed_on": [date(2010 + at % 12, 1 + at % 12, 1) for at in ids],
        "granted_on": [date(2022, 1, 5)] * len(ids),
    }, patent_type="invention", abstract="", batch_id=batch.id)  # fmt: skip
    keys = [normalise_name(name) for name in holders]
    _put(unit, "patent_holders", {"patent_id": ids, "name": holders, "name_key": keys}, role="applicant", position=0)
    _put(unit, "patent_classes", {"patent_id": ids}, scheme="ipc", position=0, symbol="A43B 13/22")
    known = [at for at in ids if at % 9]
    _put(unit, "patent_statuses", {
        "patent_id": known, "as_of_on": [date(2026, 6 if at % 5 else 1, 3) for at in known],
    }, validity="in_force", reason="granted", wording="有效", day_told=True, batch_id=batch.id)  # fmt: skip
    said = [{"owners": [name]} for name in holders]
    _put(unit, "revisions", {"record_id": ids, "fields": said}, kind="patents", batch_id=batch.id)
    _firms(unit, sizes["enterprises"], batch.id, chance)


def _firms(unit: Unit, count: int, batch: int, chance: random.Random) -> None:
    ids = range(1, count + 1)
    names = [f"晋江市虚构{at}鞋业有限公司" for at in ids]
    _put(unit, "enterprises", {
        "id": ids, "uscc": [code_of(at) for at in ids], "name": names,
        "name_key": [normalise_name(name) for name in names], "local": [at % 7 != 0 for at in ids],
        "legal_representative": [f"虚构人{at - at % 3}" if at % 20 == 0 else f"虚构人{at}" for at in ids],
        "contact_phone": [f"000-{at:07d}" for at in ids],
        "address": [f"福建省晋江市虚构路{at}号" for at in ids],
    }, local_decided_by="division", batch_id=batch)  # fmt: skip
    _put(unit, "enterprise_categories", {
        "enterprise_id": ids, "certificate_number": [f"GR{at - (at % 30 == 0)}" for at in ids],
    }, category="high_tech_enterprise", valid_from_on=date(2024, 11, 1), valid_to_on=date(2027, 11, 1),
        batch_id=batch)  # fmt: skip
    chosen = [(chance.randint(1, count), chance.randint(1, count)) for _ in range(count // 100)]
    pairs = sorted({(min(pair), max(pair)) for pair in chosen if pair[0] != pair[1]})
    left, right = zip(*pairs, strict=True)
    _put(unit, "similar_pairs", {"left_id": left, "right_id": right}, kind="enterprises", ratio=0.93, reasons=[],
         batch_id=batch, found_at=_BEGAN)  # fmt: skip


def _people(unit: Unit, sizes: Sizes, _chance: random.Random) -> None:
    ids = range(1, sizes["experts"] + 1)
    _put(unit, "experts", {
        "id": ids, "name": [f"虚构专家{at}" for at in ids], "organisation": [f"福建某大学{at % 40}" for at in ids],
        "person_key": [f"bench{at}" for at in ids],
    }, field="高分子", title="教授", consent_on=date(2024, 1, 1), consent_evidence="bench")  # fmt: skip
    ids = range(1, sizes["agencies"] + 1)
    _put(unit, "agencies", {
        "id": ids, "name": [f"虚构代理{at}" for at in ids], "name_key": [f"虚构代理{at}" for at in ids],
        "uscc": [code_of(20_000 + at) for at in ids], "phone": [f"000-1{at:06d}" for at in ids],
    }, service_types=["patent"])  # fmt: skip


def _demands(unit: Unit, sizes: Sizes, _chance: random.Random) -> None:
    ids, firms = range(1, sizes["demands"] + 1), sizes["enterprises"]
    texts = [
        f"{_WORDS[at % 8]}在{chr(0x4E00 + at % 5000)}{chr(0x5000 + at // 7)}工况下磨损过快,需要改进配方。" for at in ids
    ]
    _put(unit, "demands", {
        "id": ids, "enterprise_id": [1 + at % firms for at in ids], "title": [f"{text[:12]}" for text in texts],
        "text": texts, "text_key": [sha256(text.encode()).hexdigest() for text in texts],
        "posted_on": [date(2024 + at % 2, 1 + at % 12, 5) for at in ids],
    }, object="鞋底", aim="提高耐磨性能", targets="磨耗量不高于150mm³", technical_field="鞋材", ipc=["A43B 13/22"],
        cooperation_form="licence", budget_yuan=Decimal(50000), contact_name="虚构人", contact_phone="000-0000000",
        valid_until_on=date(2027, 6, 1), authorised_on=date(2024, 1, 1), authorised_by="虚构人", state="submitted",
        confidentiality="public")  # fmt: skip


def _pushes(unit: Unit, sizes: Sizes, chance: random.Random) -> None:
    ids, demands, firms, patents = (
        range(1, sizes["pushes"] + 1),
        *(sizes[n] for n in ("demands", "enterprises", "patents")),
    )
    asked = [1 + at % demands for at in ids]
    _put(unit, "pushes", {
        "id": ids, "enterprise_id": [1 + at % firms for at in asked], "demand_id": asked,
        "unique_key": [f"bench{at}" for at in ids], "message_id": [f"<{at}@bench>" for at in ids],
        "token_hash": [f"bench{at}" for at in ids],
    }, model="tfidf:bench", due_on=date(2024, 6, 1), state="delivered")  # fmt: skip
    _put(unit, "push_items", {
        "push_id": ids, "patent_id": [1 + chance.randrange(patents) for _ in ids],
        "score": [0.1 + at % 9 / 10 for at in ids],
    }, position=0, floor=0.3, reasons=[{"words": ["耐磨"]}], warnings=[])  # fmt: skip
    moments = [_BEGAN + timedelta(days=at // 100 % 600, minutes=at % 1000) for at in ids]
    _put(unit, "push_deliveries", {"push_id": ids, "recorded_at": moments}, channel="smtp", outcome="delivered",
         reply="250")  # fmt: skip


def _licences(unit: Unit, sizes: Sizes, _chance: random.Random) -> None:
    ids = range(1, sizes["offers"] + 1)
    _put(unit, "offers", {
        "id": ids, "patent_id": [1 + at * 7 % sizes["patents"] for at in ids],
        "identity_key": [f"bench{at}" for at in ids],
        "holder_name": [f"福建某大学{(1 + at * 7 % sizes['patents']) % 40}" for at in ids],
    }, regime="cnipa", announcement_number="公告1", declared_on=date(2024, 3, 1), valid_from_on=date(2024, 3, 1),
        valid_to_on=date(2027, 3, 1), fee_method="fixed", fee_yuan=Decimal(1000), industry="鞋服",
        industry_reason="鞋底")  # fmt: skip
    ids, firms = range(1, sizes["licences"] + 1), sizes["enterprises"]
    offers = [1 + at % sizes["offers"] for at in ids]
    _put(unit, "licences", {
        "id": ids, "offer_id": offers, "patent_id": [1 + at * 7 % sizes["patents"] for at in offers],
        "identity_key": [f"bench{at}" for at in ids], "enterprise_id": [1 + at * 11 % firms for at in ids],
        "licensee_name": [f"晋江市虚构{1 + at * 11 % firms}鞋业有限公司" for at in ids],
        "licensor_name": [f"福建某大学{at % 40}" for at in ids], "payment_proof": [f"回单{at}" for at in ids],
        "filing_number": [f"许备{at}" for at in ids],
    }, regime="cnipa", notified_on=date(2024, 5, 1), reached_on=date(2024, 5, 2), paid_on=date(2024, 5, 2),
        paid_yuan=Decimal(1000), filed_on=date(2024, 5, 20))  # fmt: skip


def _deals(unit: Unit, sizes: Sizes, chance: random.Random) -> None:
    ids, firms, patents = range(1, sizes["deals"] + 1), sizes["enterprises"], sizes["patents"]
    _put(unit, "deals", {
        "id": ids, "contract_number": [f"JJ-{at}" for at in ids], "identity_key": [f"bench{at}" for at in ids],
        "signed_on": [date(2024, 3 + at % 9, 10) for at in ids],
    }, deal_type="transfer", amount_yuan=Decimal(80000))  # fmt: skip
    sellers = [f"福建某大学{at % 40}" for at in ids]
    buyers = [1 + chance.randrange(firms) for _ in ids]
    _put(unit, "deal_parties", {"deal_id": ids, "name": sellers, "name_key": [normalise_name(n) for n in sellers]},
         role="seller")  # fmt: skip
    names = [f"晋江市虚构{at}鞋业有限公司" for at in buyers]
    _put(unit, "deal_parties", {
        "deal_id": ids, "name": names, "name_key": [normalise_name(name) for name in names], "enterprise_id": buyers,
    }, role="buyer")  # fmt: skip
    sold = [1 + chance.randrange(patents) for _ in ids]
    _put(unit, "deal_patents", {"deal_id": ids, "patent_id": sold})
    _put(unit, "deal_events", {"deal_id": ids, "number": [f"变更{at}" for at in ids]}, event="TR01",
         occurred_on=date(2024, 12, 20))  # fmt: skip
    _put(unit, "deal_payments", {"deal_id": ids, "proof": [f"V{at}" for at in ids]}, paid_on=date(2024, 12, 11),
         amount_yuan=Decimal(80000))  # fmt: skip
    _put(unit, "platform_events", {"patent_id": sold, "enterprise_id": buyers}, event="contact", occurred_at=_BEGAN)
    for purpose in ("contract", "payment_proof", "register_proof"):
        _put(unit, "evidence_files", {
            "subject_id": ids, "sha256": [sha256(f"{purpose}{at}".encode()).hexdigest() for at in ids],
            "number": [f"{purpose}{at}" for at in ids],
        }, subject_kind="deals", purpose=purpose, size=1, name="x.pdf", media_type="application/pdf", issuer="虚构",
            issued_on=date(2024, 3, 1))  # fmt: skip

"""Building a package: the same facts are the same bytes, persons are masked, the log keeps its digest."""

from __future__ import annotations

import io
import json
import stat
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import docx
import pypdfium2
import pytest
from sqlalchemy import select

from matchhub.db.tables import Claim, LogEntry, Patent
from matchhub.domain.masking import mask_person, mask_persons
from matchhub.domain.records import ExpertRecord, Row, Source
from matchhub.dossier import verify
from matchhub.dossier.building import PackageUnwritable, build
from matchhub.dossier.ledgers import DEMO
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.reports import typeset
from matchhub.reports.typeset import FontMissing
from matchhub.services.claim.package import Wish, goal_gaps
from matchhub.services.counting.counts import count_progress, question
from matchhub.services.evidence.files import place_of
from matchhub.services.kernel.event_log import append_event
from matchhub.services.parties.recorders import ExpertRecorder
from tests.dossier.conftest import EXPERT, PLACE, Package, built_of, files_in, fill
from tests.policy.packs import FILE
from tests.services.small_city import City


@pytest.fixture
def filled(city: City) -> City:
    fill(city)
    return city


def entries(city: City, verb: str) -> list[dict[str, object]]:
    with city.unit() as unit:
        rows = unit.session.execute(select(LogEntry.payload).where(LogEntry.verb == verb).order_by(LogEntry.id))
        return [json.loads(payload) for payload in rows.scalars()]


def texts(package: Package) -> Iterator[tuple[str, str]]:
    """What can be read in a package, evidence apart: names of files and their words."""
    for name, content in package.files.items():
        yield name, name
        if name.endswith(".xlsx"):
            yield name, " ".join(str(value) for row in verify.rows_of(content) for value in row.values())
        elif name.endswith(".docx"):
            document = docx.Document(io.BytesIO(content))
            cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
            heads = [each.text for section in document.sections for each in section.header.paragraphs]
            yield name, " ".join([*heads, *(each.text for each in document.paragraphs), *cells])
        elif name.endswith(".pdf") and not name.startswith("evidence/"):
            yield name, " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))
        elif name.endswith((".json", ".jsonl", ".toml")):
            yield name, content.decode()


def test_the_same_base_gives_the_same_bytes_though_building_is_on_record(package: Package, tmp_path: Path) -> None:
    package.city.clock.forward(hours=3)
    again = built_of(package.city, tmp_path / "again.zip", as_of=date(2025, 6, 2))
    assert again.content == package.content
    roots = [each["root"] for each in entries(package.city, "claim.frozen")]
    assert roots[:2] == [package.built.root] * 2


def test_another_fact_gives_other_bytes(filled: City, tmp_path: Path) -> None:
    first = built_of(filled, tmp_path / "first.zip")
    filled.clock.forward(minutes=5)
    filled.post(title="另一项需求")
    second = built_of(filled, tmp_path / "second.zip")
    changed = {name for name, content in first.files.items() if second.files.get(name) != content}
    assert {"ledgers/local_demands.xlsx", verify.LOG, verify.HEAD, verify.MANIFEST} <= changed
    assert verify.verify(str(tmp_path / "second.zip"))["valid"]


def test_nobody_is_named_unless_it_was_asked_for(package: Package, tmp_path: Path) -> None:
    private = (EXPERT, "王小明", "12345678", "wang@shoes.example", "office@shoes.example")
    told = list(texts(package))
    assert {name.rpartition(".")[2] for name, _ in told} >= {"xlsx", "docx", "pdf", "json", "jsonl"}
    assert [(name, each) for name, text in told for each in private if each in text] == []
    assert not any(name.startswith(("evidence/experts", "evidence/demands")) for name in package.files)
    (expert,) = verify.rows_of(package.files["ledgers/experts.xlsx"])
    # No digest of the name: one of two or three characters would be found by trying them all.
    assert expert[verify.UNIT] == "p-1"
    assert expert["名称"] == "欧***" and len(expert["未附证据 SHA-256（涉及个人信息）"]) == 64

    whole = built_of(package.city, tmp_path / "whole.zip", unmasked=True)
    (expert,) = verify.rows_of(whole.files["ledgers/experts.xlsx"])
    assert expert["名称"] == EXPERT and len(expert[verify.PAPERS]) == 64
    assert any(name.startswith("evidence/experts") for name in whole.files)
    assert entries(package.city, "claim.frozen")[-1]["unmasked"] is True
    assert verify.verify(str(tmp_path / "whole.zip"))["valid"]


def test_names_of_persons_are_masked_and_firms_are_not() -> None:
    assert mask_person("张三丰") == "张**" and mask_person("李") == "李*" and mask_person("") == ""
    assert mask_persons("张三、晋江市恒步鞋业有限公司 → 李四") == "张*、晋江市恒步鞋业有限公司 → 李*"


def test_the_papers_of_a_record_lie_in_its_folder(package: Package) -> None:
    papers = [name for name in package.files if name.startswith("evidence/deals/")]
    kinds = {name.rpartition("/")[2].partition("-")[0] for name in papers}
    assert kinds == {"contract", "bank_slip", "conformity_notice"}
    (row,) = verify.rows_of(package.files["ledgers/invention_deals.xlsx"])
    assert {verify.digest(package.files[name]) for name in papers} == set(str(row[verify.PAPERS]).split())


def test_the_letters_say_who_claims_what(package: Package) -> None:
    words = dict(texts(package))
    assert "伍拾万元整" in words["申报书.docx"] and "（待填写）" in words["申报书.docx"]
    assert "特此承诺" in words["承诺书.docx"] and "发明专利交易" in words["申报报告.pdf"].replace("\r\n", "")


def test_what_is_built_of_an_invented_city_says_so_on_every_paper(filled: City, tmp_path: Path) -> None:
    papers = ("申报书.docx", "承诺书.docx", "申报报告.pdf")
    for demo in (False, True):
        with filled.unit("operator") as unit:
            for row in unit.session.execute(select(Patent)).scalars():
                row.demo = demo
        made = built_of(filled, tmp_path / f"{demo}.zip")
        words = dict(texts(made))
        assert [DEMO in words[name] for name in papers] == [demo] * 3
        assert verify.verify(str(tmp_path / f"{demo}.zip"))["demo"] is demo


def test_what_is_changed_while_a_package_is_made_is_changed_since(filled: City, tmp_path: Path) -> None:
    moved: list[datetime] = []

    def step(key: str) -> None:
        if key == "packing" and not moved:
            moved.append(filled.clock.now)
            filled.clock.forward(seconds=60)

    build(filled.runtime, Wish(), tmp_path / "slow.zip", step=step, actor=filled.actors["reviewer"])
    with filled.unit("reviewer") as unit:
        built_at = unit.session.execute(select(Claim.built_at)).scalars().all()[-1]
        assert moved and built_at is not None and built_at <= moved[0]


def test_a_pack_edited_while_a_package_is_made_stops_it(filled: City, tmp_path: Path) -> None:
    def edit(step: str) -> None:
        if step == "ledgers":
            changed(filled.runtime.home, FILE.name, FILE.read_bytes() + b"\n# another word\n")

    with pytest.raises(Conflict, match="pack_edited_while_building"):
        build(filled.runtime, Wish(), tmp_path / "package.zip", step=edit, actor=filled.actors["reviewer"])
    assert not (tmp_path / "package.zip").exists() and not entries(filled, "claim.frozen")


def changed(home: Path, name: str, content: bytes) -> None:
    (home / "packs").mkdir()
    (home / "packs" / name).write_bytes(content)


def test_a_pack_file_with_a_name_like_a_path_is_refused(filled: City, tmp_path: Path) -> None:
    text = FILE.read_bytes()
    folder = filled.runtime.home / "packs" / FILE.stem
    folder.mkdir(parents=True)
    (folder / "..\\outside.toml").write_bytes(text)
    with pytest.raises(Refusal, match="package_name_unsafe"):
        built_of(filled, tmp_path / "package.zip")


def test_no_day_to_come_is_claimed(filled: City, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="claim_day_to_come"):
        built_of(filled, tmp_path / "package.zip", as_of=date(2025, 6, 3))


def test_a_package_is_of_one_state_while_others_write_and_count(filled: City, tmp_path: Path) -> None:
    def import_more(step: str) -> None:
        if step == "ledgers":  # the counts are read, the ledgers not yet
            more = ExpertRecord(Source("e", 1), name="司徒又来", organisation=PLACE, field="胶粘剂", title="教授")
            with filled.unit("operator") as unit:
                ExpertRecorder(unit, None).record([Row(more.source, more)])
            with filled.runtime.unit(write=False) as unit:
                count_progress(unit, question(unit))

    whole = built_of(filled, tmp_path / "before.zip")
    out = tmp_path / "package.zip"
    build(filled.runtime, Wish(), out, step=import_more, actor=filled.actors["reviewer"])
    assert verify.verify(str(out))["faults"] == []
    assert files_in(out.read_bytes()) == whole.files


def test_a_damaged_paper_is_a_gap_and_left_out(filled: City, tmp_path: Path) -> None:
    package = built_of(filled, tmp_path / "first.zip")
    name = next(each for each in package.files if each.startswith("evidence/deals/"))
    place = place_of(filled.runtime.home, verify.digest(package.files[name]))
    place.write_bytes(b"something else")
    again = built_of(filled, tmp_path / "second.zip")
    assert name not in again.files and verify.verify(str(tmp_path / "second.zip"))["valid"]
    with filled.unit("reviewer") as unit:
        found = goal_gaps(unit, Wish())
    (deal,) = [gap for gap in found.gaps if gap.kind == "deals"]
    assert not found.ready and deal.weight == "uncounted" and deal.reasons
    assert deal.damaged == (verify.digest(package.files[name]),)


def test_who_may_not_read_the_log_gets_other_subjects_sealed(filled: City, tmp_path: Path) -> None:
    with filled.unit() as unit:
        append_event(unit, "account.locked", "accounts", 1)
    filled.post(title="另一项需求")
    package = built_of(filled, tmp_path / "operator.zip", who="operator")
    lines = [json.loads(line) for line in package.files[verify.LOG].splitlines()]
    assert {each["subject_kind"] for each in lines if "payload" in each} >= {"deals", "demands"}
    assert not {"accounts", "samples"} & {each.get("subject_kind") for each in lines}
    found = verify.verify(str(tmp_path / "operator.zip"))
    assert found["valid"] and 0 < found["sealed"] < found["entries"] == len(lines)


def test_only_its_owner_reads_the_file(package: Package, tmp_path: Path) -> None:
    built_of(package.city, tmp_path / "a" / "own.zip")
    assert stat.S_IMODE((tmp_path / "a" / "own.zip").stat().st_mode) == 0o600
    assert [each.name for each in (tmp_path / "a").iterdir()] == ["own.zip"]
    (tmp_path / "file").write_text("")
    with pytest.raises(PackageUnwritable):
        built_of(package.city, tmp_path / "file" / "own.zip")


def test_who_may_not_claim_builds_nothing(package: Package, tmp_path: Path) -> None:
    for who in ("shoes", "college"):
        with pytest.raises(NotAllowed):
            built_of(package.city, tmp_path / "none.zip", who=who)
    with pytest.raises(NotFound):
        built_of(package.city, tmp_path / "none.zip", goal="nothing")


def test_a_missing_font_is_said(package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "FONTS", ("Noto Serif CJK SC", "No Such Font"))
    with pytest.raises(FontMissing) as refused:
        built_of(package.city, tmp_path / "none.zip")
    assert refused.value.data == {"fonts": "No Such Font"}

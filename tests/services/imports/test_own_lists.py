"""A holder's own list: status and annuities of its own patents, and nothing of or about anybody else's."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import ImportBatch, ImportProblem, Patent, PatentHolder, PatentStatus, ReviewItem
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.counting.counts import count_atoms, question
from matchhub.services.imports import own_lists
from matchhub.services.imports.batch import record_batch
from matchhub.services.imports.own_rows import own_rows
from matchhub.services.imports.review_queue import list_reviews, retry_review
from matchhub.services.imports.uploads import Upload
from matchhub.services.worklists.batches import BatchView, batch_problems, batch_view, own_batches, problem_rows
from tests.domain.factories import number
from tests.services.small_city import COLLEGE, PATENTS, SCHOOL, City

GLUE, SOLE, SPRAYER, RIB, ZIPPER = (number(at) for at in range(1, 6))
NEW = number(900, year=2021)
TITLE = {at: PATENTS[at][0] for at in range(len(PATENTS))}


def keep(city: City, text: str, who: str = "college") -> Upload:
    """Send a table as an institution."""
    return own_lists.keep_own_list(city.runtime, city.actors[who], [("清单.csv", BytesIO(text.encode()))])[0]


def write(city: City, text: str, who: str = "college", accepted: bool = True) -> BatchView:
    """Send a table as an institution and write it."""
    upload = keep(city, text, who)
    with city.unit(who) as unit:
        batch_id = own_lists.write_own_list(unit, upload.token, accepted)
        return batch_view(unit, batch_id)


def codes(city: City, batch_id: int, who: str = "college") -> list[str]:
    with city.unit(who) as unit:
        return [each.code for each in batch_problems(unit, batch_id).items]


def patent(city: City, title: str) -> Patent:
    with city.unit() as unit:
        found = unit.session.get_one(Patent, city.patent(title))
        unit.session.expunge(found)
        return found


class TestWhatIsTaken:
    def test_the_annuity_and_the_same_status_of_an_own_patent(self, city: City) -> None:
        batch = write(city, f"申请号,法律状态,年费已缴至\n{GLUE},有效,2026-03-01\n")
        assert (batch.sums["updated"], batch.sums["refused"], batch.sums["review"]) == (1, 0, 0)
        assert patent(city, TITLE[0]).annuity_paid_to_on == date(2026, 3, 1)

    def test_nothing_else_of_the_row(self, city: City) -> None:
        before = patent(city, TITLE[0])
        write(city, "申请号,专利名称,专利权人,分类号,申请日,失效日,权利负担,年费已缴至\n"
                    f"{GLUE},另一个名称,{SCHOOL},H01L 21/00,2001-01-01,2099-01-01,质押,2026-03-01\n")  # fmt: skip
        after = patent(city, TITLE[0])
        changed = {
            each.name for each in Patent.__table__.columns if getattr(before, each.name) != getattr(after, each.name)
        }
        assert changed == {"annuity_paid_to_on"}
        with city.unit() as unit:
            names = select(PatentHolder.name).where(PatentHolder.patent_id == after.id)
            assert SCHOOL not in set(unit.session.execute(names).scalars())

    def test_a_right_that_ended_is_believed(self, city: City) -> None:
        batch = write(city, f"申请号,法律状态\n{GLUE},未缴年费终止\n")
        assert batch.sums["updated"] == 1
        with city.unit() as unit:
            newest = select(PatentStatus.validity).order_by(PatentStatus.id.desc()).limit(1)
            assert unit.session.execute(newest).scalar() == "dead"

    def test_a_better_status_than_the_one_on_record_waits_for_the_operator(self, city: City) -> None:
        batch = write(city, f"申请号,法律状态\n{SPRAYER},有效\n")
        assert codes(city, batch.id) == ["own_list_status_better"]
        assert batch.sums["review"] == 1

    def test_a_list_that_is_too_long_is_refused(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(own_lists, "MOST_ROWS", 1)
        with pytest.raises(Refusal, match="own_list_too_long"):
            write(city, f"申请号,年费已缴至\n{GLUE},2026-03-01\n{SOLE},2026-03-01\n")


class TestOthers:
    @pytest.mark.parametrize("other", [RIB, NEW], ids=["in the base", "not in the base"])
    def test_a_patent_of_others_is_refused_alike_whether_or_not_it_is_there(self, city: City, other: str) -> None:
        batch = write(city, f"申请号,专利权人,法律状态,年费已缴至\n{other},{SCHOOL},未缴年费终止,2026-03-01\n")
        assert codes(city, batch.id) == ["own_list_not_own"]
        assert batch.sums["refused"] == batch.sums["read"] == 1
        assert patent(city, TITLE[3]).annuity_paid_to_on is None

    @pytest.mark.parametrize("other", [RIB, NEW], ids=["in the base", "not in the base"])
    def test_a_patent_that_names_oneself_waits_for_the_operator(self, city: City, other: str) -> None:
        batch = write(city, f"申请号,专利名称,专利权人,法律状态\n{other},一种新装置,{COLLEGE},有效\n")
        assert codes(city, batch.id) == ["own_list_claimed"]
        assert batch.sums["review"] == 1 and batch.sums["created"] == 0
        with city.unit("operator") as unit:
            assert [each.code for each in list_reviews(unit).items] == ["own_list_claimed"]

    def test_what_the_operator_accepts_counts_literally_and_never_strictly(self, city: City) -> None:
        def counted() -> tuple[int, int]:
            with city.unit("reviewer") as unit:
                atoms = count_atoms(unit, question(unit))["patents"]
                return sum(atom.literal for atom in atoms), sum(atom.strict for atom in atoms)

        literal, strict = counted()
        write(city, f"申请号,专利名称,专利权人,法律状态,授权公告日\n{NEW},一种新装置,{COLLEGE},有效,2023-02-03\n")
        assert counted() == (literal, strict)
        with city.unit("operator") as unit:
            (held,) = list_reviews(unit).items
            retry_review(unit, held.id)
        assert counted() == (literal + 1, strict)

    def test_an_institution_whose_names_nobody_linked_has_no_own_rows(self, city: City) -> None:
        with city.unit() as unit:
            from matchhub.db.tables import LinkedName

            for link in unit.session.execute(select(LinkedName)).scalars():
                link.withdrawn_at = unit.now
        batch = write(city, f"申请号,专利权人,年费已缴至\n{GLUE},{COLLEGE},2026-03-01\n")
        assert batch.sums["refused"] == 1


class TestNobodyElseSeesIt:
    def test_batches_problems_and_tickets_of_another_institution_are_not_there(self, city: City) -> None:
        batch = write(city, f"申请号,年费已缴至\n{RIB},2026-03-01\n")
        upload = keep(city, f"申请号,年费已缴至\n{GLUE},2026-03-01\n")
        with city.unit("school") as unit:
            assert own_batches(unit).items == []
            with pytest.raises(NotFound, match="batch_not_found"):
                batch_view(unit, batch.id)
            with pytest.raises(NotFound, match="batch_not_found"):
                batch_problems(unit, batch.id)
            with pytest.raises(NotFound, match="batch_not_found"):
                list(problem_rows(unit, batch.id))
            with pytest.raises(NotFound, match="batch_not_found"):
                own_lists.held_rows(unit, batch.id)
            with pytest.raises(NotFound, match="batch_not_found"):
                own_lists.undo_own_list(unit, batch.id, "试")
            with pytest.raises(NotFound, match="upload_not_found"):
                own_lists.write_own_list(unit, upload.token)
        with pytest.raises(NotFound, match="upload_not_found"):
            own_lists.try_own_list(city.runtime, city.actors["school"], upload.token)

    def test_imports_of_the_operator_are_not_there(self, city: City) -> None:
        with city.unit("operator") as unit:
            number_of = record_batch(unit, "patents", []).batch_id or 0
        with city.unit("college") as unit:
            assert own_batches(unit).items == []
            with pytest.raises(NotFound, match="batch_not_found"):
                batch_view(unit, number_of)

    def test_the_same_file_of_another_institution_takes_nothing_from_ones_own(self, city: City) -> None:
        text = f"申请号,年费已缴至\n{GLUE},2026-03-01\n{RIB},2026-03-01\n"
        write(city, f"申请号,年费已缴至\n{RIB},2025-03-01\n", "school")
        write(city, text, "college")
        write(city, text, "school")
        assert patent(city, TITLE[3]).annuity_paid_to_on == date(2026, 3, 1)

    def test_a_firm_may_import_nothing(self, city: City) -> None:
        with pytest.raises(NotAllowed):
            keep(city, "x", "shoes")


class TestPreviewAndUndo:
    def test_a_preview_keeps_nothing(self, city: City) -> None:
        upload = keep(city, f"申请号,年费已缴至\n{GLUE},2026-03-01\n{RIB},\n")
        _, result = own_lists.try_own_list(city.runtime, city.actors["college"], upload.token)
        assert (result.sums["updated"], result.sums["refused"]) == (1, 1)
        assert patent(city, TITLE[0]).annuity_paid_to_on is None
        with city.unit() as unit:
            for table in (ImportBatch, ImportProblem, ReviewItem):
                assert unit.session.execute(select(func.count()).select_from(table)).scalar() == 0

    def test_a_list_taken_back_gives_the_earlier_values(self, city: City) -> None:
        write(city, f"申请号,年费已缴至\n{GLUE},2025-03-01\n")
        batch = write(city, f"申请号,年费已缴至,法律状态\n{GLUE},2026-03-01,未缴年费终止\n")
        with city.unit("college") as unit:
            own_lists.undo_own_list(unit, batch.id, "年费写错")
        assert patent(city, TITLE[0]).annuity_paid_to_on == date(2025, 3, 1)
        with city.unit() as unit:
            said = select(PatentStatus.withdrawn_at).where(PatentStatus.batch_id == batch.id)
            assert None not in set(unit.session.execute(said).scalars())

    def test_what_the_operator_accepted_is_not_taken_back_by_the_holder(self, city: City) -> None:
        batch = write(city, f"申请号,专利名称,专利权人,年费已缴至\n{NEW},一种新装置,{COLLEGE},2026-03-01\n")
        with city.unit("operator") as unit:
            retry_review(unit, list_reviews(unit).items[0].id)
        with city.unit("college") as unit, pytest.raises(Conflict, match="own_list_decided"):
            own_lists.undo_own_list(unit, batch.id, "试")

    def test_a_doubtful_list_is_kept_only_with_a_yes(self, city: City) -> None:
        rows = "".join(f"{number(at, year=2022)},专利{at},{COLLEGE},2025-06-02\n" for at in range(100, 140))
        text = f"申请号,专利名称,申请人,申请日\n{rows}"
        with pytest.raises(Conflict, match="import_doubtful"):
            write(city, text, accepted=False)
        assert write(city, text).sums["review"] == 40


def test_rows_keep_their_order_over_several_parts(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from matchhub.domain.records import PatentRecord, Row, Source
    from matchhub.services.imports import own_rows as room

    monkeypatch.setattr(room, "_PART", 2)
    rows = [Row(Source("f", at), PatentRecord(Source("f", at), number(at))) for at in range(1, 6)]
    with city.unit("college") as unit:
        found = list(own_rows(unit, rows))
    assert [each.source.line for each in found] == [1, 2, 3, 4, 5]
    assert [bool(each.problems) for each in found] == [False, False, False, True, True]

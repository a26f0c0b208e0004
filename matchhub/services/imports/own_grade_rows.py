"""What of a holder's own inventory (存量专利盘点) is taken: the holder's grades of its own patents, nothing else.

What the file says for firms is theirs to say: it is left out, with a remark where the base does not hold it already.
Another's patent is refused, in the same words whether or not the base holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from matchhub.domain.records import Row, StockGradeRecord
from matchhub.services.kernel.revisions import remark
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.links import link_patents
from matchhub.services.patents.grades import firm_grades
from matchhub.services.patents.holders import held_among


def own_grade_rows(unit: Unit, rows: Iterable[Row]) -> Iterator[Row]:
    """Each row as it may be recorded for the actor's organisation, in the same order; none is left out."""
    every = list(rows)
    said = [row.record for row in every if isinstance(row.record, StockGradeRecord)]
    patents = link_patents(unit, {number for each in said if (number := each.number)})
    own = held_among(unit, set(patents.values()), unit.actor.organisation_id)
    known = {
        (key, name, each.grade, each.reason)
        for key, words in firm_grades(unit, sorted(own)).items()
        for each in words
        for name in (each.uscc, each.firm)
    }
    for row in every:
        record = row.record
        if not isinstance(record, StockGradeRecord):
            yield row
        elif (patent := patents.get(record.number or "")) not in own or patent is None:
            yield Row(row.source, None, (remark(row, "own_list_not_own", "", record.number, "error"),))
        else:
            word = (patent, record.firm_uscc or record.firm_name, record.firm_grade, record.firm_reason)
            yield _without_firm(row, record, told=record.firm_grade is not None and word not in known)


def _without_firm(row: Row, record: StockGradeRecord, told: bool) -> Row:
    mine = replace(
        record, firm_name=None, firm_uscc=None, firm_grade=None, firm_reason=None, firm_graded_on=None
    )  # fmt: skip
    left_out = remark(row, "stock_firm_left_out", "", record.firm_name or record.firm_uscc, "warning")
    return Row(row.source, mine, (*row.problems, left_out) if told else row.problems)

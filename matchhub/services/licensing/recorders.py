"""Recording open-licence declarations (开放许可声明) and licences reached, linked to patents and licensees."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from matchhub.db.tables import Licence, Offer
from matchhub.domain.identifiers import plain
from matchhub.domain.industries import disagreeing
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import Kind, LicenceRecord, OfferRecord, Problem, Row
from matchhub.services.kernel.digests import digest
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import (
    Change,
    Outcome,
    State,
    news,
    parts,
    provenance,
    remark,
    spoken,
    to_json,
    write_revisions,
)
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.filing_numbers import licence_filed_as
from matchhub.services.licensing.industries import classes_of, symbols_of
from matchhub.services.licensing.periods import period_of, reached_under
from matchhub.services.licensing.row_faults import Fault, LicenceRowFaults
from matchhub.services.licensing.telling import tell_parties_of_licence
from matchhub.services.parties.links import EnterpriseLinks, link_enterprises, link_patents


class PatentBoundRecorder(ABC):
    """Rows that speak of one patent of the base each; a row about an unknown patent waits for a person."""

    kind: ClassVar[Kind]
    table: ClassVar[Any]
    columns: ClassVar[tuple[str, ...]]

    def __init__(
        self, unit: Unit, batch_id: int | None, demo: bool = False, repeated: frozenset[str] = frozenset()
    ) -> None:
        self.unit, self.batch_id, self.demo, self.repeated = unit, batch_id, demo, repeated

    @abstractmethod
    def identity(self, record: Any, patent_id: int) -> str:
        """What makes the row recognisable when it comes again."""

    @abstractmethod
    def extra(self, record: Any, patent_id: int) -> State:
        """Columns beside the record's own (links)."""

    def prepare(self, records: Sequence[Any]) -> None:  # noqa: B027
        """Hook: load what ``extra`` needs."""

    def faults(self, record: Any, known: Any | None, said: State) -> list[Fault]:
        """Hook: what keeps a row from being taken."""
        return []

    def written(self, record: Any, thing: Any) -> None:  # noqa: B027
        """Hook: a row was recorded as a new row of the table."""

    def created(self, thing: Any) -> None:  # noqa: B027
        """Hook: a row of the table was made, and its revision written."""

    def changed(self, thing: Any, before: State, new: State) -> None:  # noqa: B027
        """Hook: a known row of the table was given new values, some of them over those in ``before``."""

    def record(self, rows: Sequence[Row]) -> list[Outcome]:
        """Outcomes in the order of ``rows``."""
        records: list[Any] = [row.record for row in rows]
        patents = link_patents(self.unit, [each.application_number for each in records if each.application_number])
        self.prepare(records)
        keys = {self.identity(r, patents[r.application_number]) for r in records if r.application_number in patents}
        known = self._find(sorted(keys))
        return [self._take(row, patents, known) for row in rows]

    def _find(self, keys: Sequence[str]) -> dict[str, Any]:
        found = {}
        for part in parts(keys):
            for row in self.unit.session.execute(select(self.table).where(self.table.identity_key.in_(part))).scalars():
                found[row.identity_key] = row
        return found

    def _take(self, row: Row, patents: dict[str, int], known: dict[str, Any]) -> Outcome:
        record: Any = row.record
        patent_id = patents.get(record.application_number)
        if patent_id is None:
            code = remark(row, "patent_unknown", "", record.application_number, "review")
            return Outcome(row, "review", problems=[code])
        key = self.identity(record, patent_id)
        said = {**spoken(record, self.columns), **self.extra(record, patent_id)}  # nosec B610
        if faults := self.faults(record, known.get(key), said):
            told = [remark(row, code, name, value, "review") for code, name, value in faults]
            return Outcome(row, "review", problems=told)
        if key in known:
            return self._update(row, known[key], said)
        thing = self.table(identity_key=key, demo=self.demo, updated_at=self.unit.now)
        for name, value in (said | provenance(self.unit, self.batch_id, row.source.line)).items():
            setattr(thing, name, value)
        self.unit.session.add(thing)
        self.unit.session.flush()
        known[key] = thing
        self.written(record, thing)
        write_revisions(self.unit, self.kind, self.batch_id, [Change(thing.id, row.source.line, said)])
        self.created(thing)
        return Outcome(row, "created", thing.id)

    def _update(self, row: Row, thing: Any, said: State) -> Outcome:
        new = news({name: getattr(thing, name) for name in said}, said, row.source.file in self.repeated)
        if not new:
            return Outcome(row, "unchanged", thing.id)
        before = {name: to_json(getattr(thing, name)) for name in new if getattr(thing, name) not in (None, "")}
        for name, value in new.items():
            setattr(thing, name, value)
        thing.updated_at = self.unit.now
        told: State = dict(new)
        if before:  # nothing is overwritten in silence: what stood there stays in the revision and in the log
            told["corrected_from"] = before
            after = {name: to_json(new[name]) for name in before}
            append_event(self.unit, "record.corrected", self.kind, thing.id, before=before, after=after)
        write_revisions(self.unit, self.kind, self.batch_id, [Change(thing.id, row.source.line, told)])
        self.changed(thing, before, new)
        return Outcome(row, "updated", thing.id)


class OfferRecorder(PatentBoundRecorder):
    """Open-licence declarations: one per patent, holder and declaration.

    A list that comes again with corrections updates what it said before: a day put right, a regime or an announcement
    number added, make no second declaration.
    """

    kind = "offers"
    table = Offer
    columns = (
        "holder_name",
        "regime",
        "platform",
        "announcement_number",
        "declared_on",
        "fee_method",
        "fee_yuan",
        "royalty_percent",
        "fee_text",
        "valid_from_on",
        "valid_to_on",
        "industry",
        "industry_reason",
    )

    def record(self, rows: Sequence[Row]) -> list[Outcome]:
        """Outcomes in the order of ``rows``."""
        numbers = [each.record.application_number for each in rows if isinstance(each.record, OfferRecord)]
        patent_ids = sorted(set(link_patents(self.unit, [number for number in numbers if number]).values()))
        self._declared: dict[int, list[Offer]] = {key: [] for key in patent_ids}
        self._symbols = symbols_of(self.unit, patent_ids)
        for part in parts(patent_ids):
            chosen = select(Offer).where(Offer.patent_id.in_(part), Offer.withdrawn_at.is_(None)).order_by(Offer.id)
            for offer in self.unit.session.execute(chosen).scalars():
                self._declared[offer.patent_id].append(offer)
        return super().record(rows)

    def _take(self, row: Row, patents: dict[str, int], known: dict[str, Any]) -> Outcome:
        record = row.record
        assert isinstance(record, OfferRecord)
        patent_id = patents.get(record.application_number or "")
        if patent_id is None:
            return super()._take(row, patents, known)
        key = self.identity(record, patent_id)
        if key not in known:
            same = next((offer for offer in self._declared[patent_id] if _is_same_declaration(offer, record)), None)
            if same is not None:
                known[key] = same
        outcome = super()._take(row, patents, known)
        if outcome.verdict == "created":
            self._declared[patent_id].append(known[key])
        if outcome.verdict in ("created", "updated") and record.industry:
            outcome.problems += self._industry_problems(row, record.industry, patent_id)
        return outcome

    def _industry_problems(self, row: Row, industry: str, patent_id: int) -> list[Problem]:
        """Told beside the row, which is taken all the same: a second person may accept the reason."""
        classes = classes_of(self._symbols.get(patent_id, ()))
        if not classes:
            return [remark(row, "industry_row_unproved", "industry", industry, "warning")]
        if disagreeing(industry, classes, self.unit.pack.industries.values()):
            return [remark(row, "industry_row_disagrees", "industry", industry, "warning")]
        return []

    def identity(self, record: OfferRecord, patent_id: int) -> str:
        return digest("offer", patent_id, record.regime, record.announcement_number or record.declared_on)

    def extra(self, record: OfferRecord, patent_id: int) -> State:
        ended = {"ended_on": record.withdrawn_on} if record.withdrawn_on else {}
        return {"patent_id": patent_id, **ended}


def _is_same_declaration(offer: Offer, record: OfferRecord) -> bool:
    """Whether a row speaks of a declaration of its patent that is known already.

    A patent has one running declaration at a time, so another day without another number is a correction, unless the
    known one had ended by then.
    """
    if _differ(offer.regime, record.regime):
        return False
    if _differ(offer.holder_name and normalise_name(offer.holder_name), _name_key(record.holder_name)):
        return False
    if offer.announcement_number and record.announcement_number:
        return plain(offer.announcement_number) == plain(record.announcement_number)
    if not _differ(offer.declared_on, record.declared_on):
        return True
    ended = min((day for day in (offer.ended_on, offer.valid_to_on) if day), default=None)
    return ended is None or record.declared_on is None or record.declared_on <= ended


def _name_key(name: str | None) -> str | None:
    return normalise_name(name) if name else None


def _differ(known: object, said: object) -> bool:
    """Whether two values contradict each other; silence contradicts nothing."""
    return bool(known and said and known != said)


class LicenceRecorder(PatentBoundRecorder):
    """Licences reached: one per patent, licensee and day of notice (or of reaching)."""

    kind = "licences"
    table = Licence
    columns = (
        "licensee_name",
        "licensee_uscc",
        "licensor_name",
        "regime",
        "notified_on",
        "reached_on",
        "paid_on",
        "paid_yuan",
        "payment_proof",
        "refunded_on",
        "refunded_yuan",
        "filing_number",
        "filed_on",
    )
    _links: EnterpriseLinks
    _row_faults: LicenceRowFaults

    def prepare(self, records: Sequence[LicenceRecord]) -> None:
        self._links = link_enterprises(self.unit, [(each.licensee_uscc, each.licensee_name) for each in records])
        self._row_faults = LicenceRowFaults(self.unit, [each.filing_number for each in records])

    def faults(self, record: LicenceRecord, known: Licence | None, said: State) -> list[Fault]:
        return list(self._row_faults.of(record, known, said.get("offer_id")))

    def written(self, record: LicenceRecord, thing: Licence) -> None:
        self._row_faults.taken(record, thing.id)

    def created(self, thing: Licence) -> None:
        tell_parties_of_licence(self.unit, thing, "recorded", on=thing.notified_on or thing.reached_on)

    def changed(self, thing: Licence, before: State, new: State) -> None:
        changes = [[name, before.get(name), to_json(value)] for name, value in new.items()]
        tell_parties_of_licence(self.unit, thing, "changed", changes=changes)

    def _take(self, row: Row, patents: dict[str, int], known: dict[str, Any]) -> Outcome:
        """A row of a known filing of its patent and licensee corrects that licence, whatever its day."""
        record = row.record
        assert isinstance(record, LicenceRecord)
        patent_id = patents.get(record.application_number or "")
        if patent_id is not None and record.filing_number and (key := self.identity(record, patent_id)) not in known:
            same = licence_filed_as(self.unit, record, patent_id)
            if same is not None:
                known[key] = same
        return super()._take(row, patents, known)

    def _update(self, row: Row, thing: Any, said: State) -> Outcome:
        record: Any = row.record
        self.written(record, thing)
        if thing.reached_on is not None and record.reached_on is None:
            # A day that somebody stated is not replaced by the one worked out here.
            said = {name: value for name, value in said.items() if name != "reached_on"}
        return super()._update(row, thing, said)

    def identity(self, record: LicenceRecord, patent_id: int) -> str:
        licensee = record.licensee_uscc or record.licensee_name
        return digest("licence", patent_id, licensee, record.notified_on or record.reached_on)

    def extra(self, record: LicenceRecord, patent_id: int) -> State:
        offers = (
            select(Offer).where(Offer.patent_id == patent_id, Offer.withdrawn_at.is_(None)).order_by(Offer.id.desc())
        )
        day = record.notified_on or record.reached_on
        standing = self.unit.session.execute(offers).scalars()
        # Without a day the newest declaration is meant.
        offer = next((each for each in standing if day is None or period_of(each).is_open_on(day)), None)
        licensee = self._links.find(record.licensee_uscc, record.licensee_name)
        links = {"offer_id": offer.id if offer else None, "enterprise_id": licensee.id if licensee else None}
        name = {} if record.licensee_name else {"licensee_name": licensee.name if licensee else record.licensee_uscc}
        reached = record.reached_on or reached_under(offer, record.notified_on, record.paid_on)
        known = {**links, "reached_on": reached}
        return {"patent_id": patent_id, **name, **{key: value for key, value in known.items() if value is not None}}

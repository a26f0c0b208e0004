"""Recording enterprises (企业), experts (专家) and agencies (服务机构): equal identifiers merge, nothing else does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Agency, Enterprise, EnterpriseCategory, Expert
from matchhub.domain.affiliation import party_key
from matchhub.domain.locality import decide_local
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import AgencyRecord, CategoryClaim, EnterpriseRecord, Row, Source
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.named_sources import is_known_to
from matchhub.services.kernel.revisions import Outcome, State, parts, provenance, remark
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.certificates import CertificateOwners
from matchhub.services.parties.existence import ExistenceRecorder
from matchhub.services.parties.former_names import FormerNames, firms_once_named
from matchhub.services.parties.recorder import Known, PartyRecorder
from matchhub.services.parties.relations import NewRelation, file_relations, is_on_file


class EnterpriseRecorder(PartyRecorder):
    """Enterprises by USCC, else by normalised name; innovation categories with their proof beside."""

    kind = "enterprises"
    table = Enterprise
    columns = (
        "name",
        "uscc",
        "region",
        "address",
        "registered_on",
        "capital_yuan",
        "business_scope",
        "industry",
        "legal_representative",
        "contact_name",
        "contact_phone",
        "contact_email",
    )
    derived = ("name_key", "local", "local_decided_by")
    identities = ("uscc", "name_key")

    def __init__(
        self, unit: Unit, batch_id: int | None, demo: bool = False, repeated: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(unit, batch_id, demo, repeated)
        self._categories: dict[int, set[CategoryClaim]] = {}  # by id(known)
        self._new: list[tuple[Known, int, CategoryClaim]] = []
        self._related: dict[tuple[str, str, str], NewRelation] = {}
        self._certificates = CertificateOwners(unit)
        self._former_names = FormerNames(unit, batch_id)
        self._existence = ExistenceRecorder(unit, batch_id, "enterprise_id")
        self._once_named: dict[str, int] = {}

    def record(self, rows: Sequence[Row]) -> list[Outcome]:
        """Outcomes in the order of ``rows``.

        A row with a certificate that another firm holds, or under the former name of a firm, waits for a person.
        """
        records = [row.record for row in rows if isinstance(row.record, EnterpriseRecord)]
        self._certificates.load(records)
        self._once_named = firms_once_named(self.unit, [each.name for each in records if each.name and not each.uscc])
        return super().record(rows)

    def _take(self, row: Row, said: State, index: dict[tuple[str, str], Known]) -> tuple[Outcome, Known | None]:
        assert isinstance(row.record, EnterpriseRecord)
        before = self._same(said, index)
        if self.batch_id is not None and not self.by_hand and (doubt := self._doubt(row, row.record, before)):
            return doubt, None
        name_before = before.state.get("name") if isinstance(before, Known) else None
        outcome, known = super()._take(row, said, index)
        if known is not None:
            self._certificates.note(row.record, known)
            # Of two names under one code the present one is the newer; the other one the firm once bore.
            names = [name for name in (name_before, said.get("name")) if name and name_before]
            if self._former_names.take(names, known, row.source.line) and outcome.verdict == "unchanged":
                outcome.verdict = "updated"
        return outcome, known

    def _doubt(self, row: Row, record: EnterpriseRecord, before: Known | str | None) -> Outcome | None:
        """Why a row waits for a person although it is sound; the firm it may mean is its candidate."""
        if taken := self._certificates.of_another(record, before):
            return Outcome(row, "review", problems=[remark(row, "certificate_shared", "", taken, "review")])
        candidate = self._once_named.get(normalise_name(record.name)) if record.name and before is None else None
        if candidate is None:
            return None
        told = remark(row, "enterprise_former_name", "", record.name, "review")
        return Outcome(row, "review", candidate, [told])

    def derive(self, state: State) -> State:
        derived: State = {}
        if state.get("name"):
            derived["name_key"] = normalise_name(state["name"])
        if state.get("local_decided_by") != "hand" and (state.get("uscc") or state.get("address") or state.get("name")):
            rules = self.unit.pack.local
            decision = decide_local(state.get("uscc"), state.get("address"), rules, state.get("name"))
            if decision.local is not None:
                derived |= {"local": decision.local, "local_decided_by": decision.decided_by}
        return derived

    def _fixed(self, state: State) -> Collection[str]:
        return ("local", "local_decided_by") if state.get("local_decided_by") == "hand" else ()

    def _load_more(self, known: Iterable[Known]) -> None:
        known = list(known)
        self._existence.load(known)
        self._former_names.load(known)
        by_id = {each.id: each for each in known if each.id is not None}
        for each in by_id.values():
            self._categories.setdefault(id(each), set())
        for part in parts(sorted(by_id)):
            chosen = select(EnterpriseCategory).where(
                EnterpriseCategory.enterprise_id.in_(part),
                EnterpriseCategory.withdrawn_at.is_(None),
                is_known_to(self.unit, self.batch_id, EnterpriseCategory.batch_id),
            )
            for row in self.unit.session.execute(chosen).scalars():
                claim = CategoryClaim(
                    row.category, row.certificate_number, row.official_list, row.valid_from_on, row.valid_to_on
                )
                self._categories[id(by_id[row.enterprise_id])].add(claim)

    def _more(self, row: Row, known: Known) -> bool:
        assert isinstance(row.record, EnterpriseRecord)
        seen = self._categories.setdefault(id(known), set())
        fresh = [claim for claim in row.record.categories if claim not in seen]
        seen.update(fresh)
        self._new += [(known, row.source.line, claim) for claim in fresh]
        named = self._former_names.take(row.record.former_names, known, row.source.line)
        told = self._existence.take(row.record.existence, row.source, known, row.source.file in self.repeated)
        return bool(fresh) | self._relate(row.source, row.record, known) | named | told

    def _relate(self, source: Source, record: EnterpriseRecord, known: Known) -> bool:
        """Take the affiliations a row tells of; the row itself is the evidence where it names none."""
        names = [key for key in (known.state.get("uscc"), known.state.get("name_key")) if key]
        evidence = record.relation_evidence or f"{source.file}:{source.line}"
        fresh = False
        for said in record.related:
            new = NewRelation(names[0], party_key(said), record.relation or "declared", evidence, source.line)
            key = (new.left, new.right, new.relation)
            if new.right not in names and key not in self._related and not is_on_file(self.unit, new, names):
                self._related[key] = new
                fresh = True
        return fresh

    def _after(self, taken: list[tuple[Outcome, Known | None]]) -> None:
        rows = [
            {
                "enterprise_id": known.id,
                "category": claim.category,
                "certificate_number": claim.certificate_number,
                "official_list": claim.official_list,
                "valid_from_on": claim.valid_from_on,
                "valid_to_on": claim.valid_to_on,
                **provenance(self.unit, self.batch_id, line),
            }
            for known, line, claim in self._new
        ]
        if rows:
            insert_rows(self.unit, EnterpriseCategory.__table__, rows)  # type: ignore[arg-type]
        file_relations(self.unit, list(self._related.values()), self.batch_id)
        self._new, self._categories, self._related = [], {}, {}
        self._former_names.write()
        self._existence.write()


class ExpertRecorder(PartyRecorder):
    """Experts by name and organisation."""

    kind = "experts"
    table = Expert
    columns = (
        "name",
        "organisation",
        "field",
        "title",
        "qualification",
        "consent_on",
        "consent_evidence",
        "phone",
        "email",
    )
    derived = ("person_key",)
    identities = ("person_key",)
    unique = ("person_key",)

    def derive(self, state: State) -> State:
        if not (state.get("name") and state.get("organisation")):
            return {}
        return {"person_key": f"{normalise_name(state['name'])}|{normalise_name(state['organisation'])}"}


class AgencyRecorder(PartyRecorder):
    """Agencies by USCC, else licence number, else normalised name."""

    kind = "agencies"
    table = Agency
    columns = (
        "name",
        "uscc",
        "licence_number",
        "agency_code",
        "service_types",
        "is_patent_agency",
        "contact_name",
        "phone",
        "address",
    )
    derived = ("name_key",)
    identities = ("uscc", "licence_number", "name_key")

    def __init__(
        self, unit: Unit, batch_id: int | None, demo: bool = False, repeated: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(unit, batch_id, demo, repeated)
        self._existence = ExistenceRecorder(unit, batch_id, "agency_id")

    def _load_more(self, known: Iterable[Known]) -> None:
        self._existence.load(known)

    def _more(self, row: Row, known: Known) -> bool:
        assert isinstance(row.record, AgencyRecord)
        return self._existence.take(row.record.existence, row.source, known, row.source.file in self.repeated)

    def _after(self, taken: list[tuple[Outcome, Known | None]]) -> None:
        self._existence.write()

    def derive(self, state: State) -> State:
        return {"name_key": normalise_name(state["name"])} if state.get("name") else {}

    def _columns(self, known: Known) -> dict[str, Any]:
        values = super()._columns(known)
        values["service_types"] = values["service_types"] or []
        values["is_patent_agency"] = bool(values["is_patent_agency"])
        return values

    def _differs(self, state: State, said: State) -> bool:
        other = said.get("licence_number") and state.get("licence_number")
        return super()._differs(state, said) or bool(other and said["licence_number"] != state["licence_number"])

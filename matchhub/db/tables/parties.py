"""Enterprises (企业), experts (专家) and agencies (服务机构)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from matchhub.db.base import Base, Identified, Marked, Name, Recorded, Short, Withdrawable
from matchhub.db.types import Json, Key, UtcDateTime, Yuan


class Enterprise(Identified, Recorded, Withdrawable, Marked, Base):
    """A firm as now known. Its identity is the USCC, else the normalised name."""

    __tablename__ = "enterprises"
    __table_args__ = {"comment": "enterprises (企业) as now known"}

    uscc: Mapped[str | None] = mapped_column(Short, unique=True, comment="统一社会信用代码, checked (GB 32100)")
    name: Mapped[str] = mapped_column(Name, comment="企业名称")
    name_key: Mapped[str] = mapped_column(Name, index=True, comment="normalised name")
    region: Mapped[str | None] = mapped_column(Name, comment="地区 as written")
    address: Mapped[str | None] = mapped_column(Text, comment="注册地址")
    registered_on: Mapped[date | None] = mapped_column(comment="注册日期")
    capital_yuan: Mapped[Decimal | None] = mapped_column(Yuan, comment="注册资金, fen inside")
    business_scope: Mapped[str | None] = mapped_column(Text, comment="经营范围")
    industry: Mapped[str | None] = mapped_column(Name, comment="行业")
    legal_representative: Mapped[str | None] = mapped_column(Name, comment="法定代表人")
    contact_name: Mapped[str | None] = mapped_column(Name, comment="联系人; personal data")
    contact_phone: Mapped[str | None] = mapped_column(Short, comment="电话; personal data, masked")
    contact_email: Mapped[str | None] = mapped_column(Name, comment="e-mail; personal data, masked")
    local: Mapped[bool | None] = mapped_column(comment="本地企业: true, false, or not decided")
    local_decided_by: Mapped[str | None] = mapped_column(Short, comment="division, address, hand: what decided local")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True, comment="last change of what is known, UTC")


class EnterpriseCategory(Identified, Recorded, Withdrawable, Base):
    """One innovation category (创新型企业类别) of an enterprise with its proof."""

    __tablename__ = "enterprise_categories"
    __table_args__ = {"comment": "innovation categories of enterprises with proof and validity"}

    enterprise_id: Mapped[int] = mapped_column(Key, ForeignKey("enterprises.id"), index=True, comment="enterprise")
    category: Mapped[str] = mapped_column(Short, comment="key of the rule pack, e.g. high_tech_enterprise")
    certificate_number: Mapped[str | None] = mapped_column(Name, comment="证书编号")
    official_list: Mapped[str | None] = mapped_column(Text, comment="official list that names the firm")
    valid_from_on: Mapped[date | None] = mapped_column(comment="first day of validity")
    valid_to_on: Mapped[date | None] = mapped_column(comment="last day of validity")
    root_id: Mapped[int | None] = mapped_column(
        Key,
        ForeignKey("enterprise_categories.id"),
        index=True,
        comment="first row of this claim, when a merge or taking it back wrote it again for another firm",
    )


class EnterpriseName(Identified, Recorded, Withdrawable, Base):
    """A former name (曾用名) of an enterprise: rows under it find the firm as a candidate."""

    __tablename__ = "enterprise_names"
    __table_args__ = {"comment": "former names of enterprises"}

    enterprise_id: Mapped[int] = mapped_column(Key, ForeignKey("enterprises.id"), index=True, comment="enterprise")
    name: Mapped[str] = mapped_column(Name, comment="former name as written")
    name_key: Mapped[str] = mapped_column(Name, index=True, comment="normalised former name")


class PartyExistence(Identified, Recorded, Withdrawable, Base):
    """What a source said on a day of whether a firm or an agency still exists (经营状态); the newest day speaks."""

    __tablename__ = "party_existences"
    __table_args__ = {"comment": "dated existence of enterprises and agencies, append-only"}

    enterprise_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("enterprises.id"), index=True, comment="enterprise meant, else empty"
    )
    agency_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("agencies.id"), index=True, comment="agency meant, else empty"
    )
    state: Mapped[str] = mapped_column(Short, comment="active, struck_off, closed, moved_out or unknown")
    wording: Mapped[str] = mapped_column(Text, default="", comment="the source's own words")
    as_of_on: Mapped[date] = mapped_column(comment="day on which the source looked")
    day_told: Mapped[bool] = mapped_column(default=False, comment="the source told that day; else that of the import")


class Expert(Identified, Recorded, Withdrawable, Marked, Base):
    """A person who advises. Identity: name + organisation."""

    __tablename__ = "experts"
    __table_args__ = {"comment": "experts (专家) as now known"}

    name: Mapped[str] = mapped_column(Name, comment="姓名")
    organisation: Mapped[str] = mapped_column(Name, comment="工作单位")
    person_key: Mapped[str] = mapped_column(Name, unique=True, comment="normalised name|organisation")
    field: Mapped[str | None] = mapped_column(Text, comment="研究方向")
    title: Mapped[str | None] = mapped_column(Name, comment="职称")
    qualification: Mapped[str | None] = mapped_column(Text, comment="资质")
    consent_on: Mapped[date | None] = mapped_column(comment="day of the consent on file (PIPL 13)")
    consent_evidence: Mapped[str | None] = mapped_column(Text, comment="where the consent is kept")
    phone: Mapped[str | None] = mapped_column(Short, comment="personal data, masked")
    email: Mapped[str | None] = mapped_column(Name, comment="personal data, masked")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last change of what is known, UTC")


class Agency(Identified, Recorded, Withdrawable, Marked, Base):
    """A service agency. Identity: USCC, else licence number, else normalised name."""

    __tablename__ = "agencies"
    __table_args__ = {"comment": "service agencies (服务机构) as now known"}

    uscc: Mapped[str | None] = mapped_column(Short, unique=True, comment="统一社会信用代码")
    name: Mapped[str] = mapped_column(Name, comment="机构名称")
    name_key: Mapped[str] = mapped_column(Name, index=True, comment="normalised name")
    licence_number: Mapped[str | None] = mapped_column(Name, index=True, comment="执业许可证号")
    agency_code: Mapped[str | None] = mapped_column(Short, comment="代理机构代码")
    service_types: Mapped[list[str]] = mapped_column(Json, comment="服务类型, list of words")
    is_patent_agency: Mapped[bool] = mapped_column(default=False, comment="专利代理机构")
    contact_name: Mapped[str | None] = mapped_column(Name, comment="联系人; personal data")
    phone: Mapped[str | None] = mapped_column(Short, comment="电话; personal data, masked")
    address: Mapped[str | None] = mapped_column(Text, comment="地址")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="last change of what is known, UTC")


class PartyRelation(Identified, Recorded, Withdrawable, Base):
    """A known link between two parties (关联关系) with its evidence."""

    __tablename__ = "party_relations"
    __table_args__ = {"comment": "affiliations between parties with their evidence"}

    left_key: Mapped[str] = mapped_column(Name, index=True, comment="USCC or normalised name")
    right_key: Mapped[str] = mapped_column(Name, index=True, comment="USCC or normalised name")
    relation: Mapped[str] = mapped_column(Short, comment="legal_representative, shareholder, phone, address, declared")
    evidence: Mapped[str] = mapped_column(Text, default="", comment="where it was seen")

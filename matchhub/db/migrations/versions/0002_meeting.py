"""Meeting, listings, drafts, awards.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "award_records",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="sales, pledge_loan or event"),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="agency"),
        sa.Column(
            "enterprise_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="borrower of a loan",
        ),
        sa.Column(
            "title", sa.Text(), nullable=False, comment="loan contract, name of the event, or source of the sales"
        ),
        sa.Column("occurred_on", sa.Date(), nullable=False, comment="day; of sales the last day of the year"),
        sa.Column("notified_on", sa.Date(), nullable=True, comment="day an event was announced to the bureau"),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=True, comment="loan or sales, fen inside"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_award_records_agency_id_agencies")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_award_records_enterprise_id_enterprises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_records")),
        comment="sales, pledge loans and events of service agencies",
    )
    with op.batch_alter_table("award_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_records_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_records_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "demand_drafts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "enterprise_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="whose demand",
        ),
        sa.Column("origin", sa.String(length=64), nullable=False, comment="own, fair or phone"),
        sa.Column("fields", sa.JSON(), nullable=False, comment="fields of the demand; holds personal data"),
        sa.Column("note", sa.Text(), nullable=True, comment="where it was collected"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="last change, UTC"),
        sa.Column(
            "demand_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="demand it became, once confirmed",
        ),
        sa.Column("discarded_at", sa.DateTime(), nullable=True, comment="refused by the enterprise, UTC"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_demand_drafts_demand_id_demands")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_demand_drafts_enterprise_id_enterprises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_drafts")),
        comment="demands being prepared; none of them is counted",
    )
    with op.batch_alter_table("demand_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demand_drafts_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demand_drafts_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "demand_invitations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("demand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="demand"),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="organisation invited",
        ),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_demand_invitations_demand_id_demands")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_demand_invitations_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_invitations")),
        comment="organisations invited to confidential demands",
    )
    with op.batch_alter_table("demand_invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demand_invitations_demand_id"), ["demand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demand_invitations_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demand_invitations_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "notices",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="organisation told",
        ),
        sa.Column("code", sa.String(length=64), nullable=False, comment="its sentence in matchhub/wording"),
        sa.Column("fields", sa.JSON(), nullable=False, comment="data of the sentence, no contact data"),
        sa.Column(
            "subject_kind",
            sa.String(length=64),
            nullable=False,
            comment="threads, deals, licences, demands, listings or drafts",
        ),
        sa.Column(
            "subject_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="id within that kind",
        ),
        sa.Column("unique_key", sa.String(length=255), nullable=False, comment="told once"),
        sa.Column("made_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("read_at", sa.DateTime(), nullable=True, comment="first read, UTC"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_notices_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_notices_unique_key")),
        comment="notices and reminders inside the application",
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "offer_declarations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="declaration"
        ),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="who declared it",
        ),
        sa.Column("annuity_paid", sa.Boolean(), nullable=True, comment="年费 paid; empty: not stated"),
        sa.Column("suspended", sa.Boolean(), nullable=False, comment="专利权中止"),
        sa.Column("evaluation_report", sa.Boolean(), nullable=False, comment="专利权评价报告 is there"),
        sa.Column("all_owners", sa.Boolean(), nullable=False, comment="declared by all owners"),
        sa.Column("pledgee_consented", sa.Boolean(), nullable=False, comment="质权人同意"),
        sa.Column("warnings", sa.JSON(), nullable=False, comment="codes of the checklist that warned"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_offer_declarations_offer_id_offers")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_offer_declarations_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_declarations")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_offer_declarations_offer_id")),
        comment="statements behind open-licence declarations made here",
    )
    with op.batch_alter_table("offer_declarations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_declarations_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_declarations_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "threads",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("unique_key", sa.String(length=255), nullable=False, comment="enterprise:demand:patent"),
        sa.Column(
            "demand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="demand, if any"
        ),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent"),
        sa.Column(
            "enterprise_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="who needs it",
        ),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="holder's organisation; empty: it has no account yet",
        ),
        sa.Column("opened_by_side", sa.String(length=64), nullable=False, comment="enterprise, holder or operator"),
        sa.Column(
            "enterprise_agreed_at",
            sa.DateTime(),
            nullable=True,
            comment="enterprise agreed to exchange contact data, UTC",
        ),
        sa.Column(
            "holder_agreed_at", sa.DateTime(), nullable=True, comment="holder agreed to exchange contact data, UTC"
        ),
        sa.Column(
            "awaiting",
            sa.String(length=64),
            nullable=True,
            comment="side whose answer is awaited: enterprise or holder",
        ),
        sa.Column("awaiting_since_at", sa.DateTime(), nullable=True, comment="UTC"),
        sa.Column("reminded_at", sa.DateTime(), nullable=True, comment="last reminder, UTC"),
        sa.Column("closed_at", sa.DateTime(), nullable=True, comment="closed by a party or the operator, UTC"),
        sa.Column("closed_reason", sa.Text(), nullable=True, comment="why it was closed"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="last act in it, UTC"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_threads_demand_id_demands")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_threads_enterprise_id_enterprises")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_threads_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_threads_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_threads_unique_key")),
        comment="conversations: one per enterprise, demand and patent",
    )
    with op.batch_alter_table("threads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_threads_demand_id"), ["demand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_threads_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_threads_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_threads_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_threads_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "form_keys",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="who sent it"
        ),
        sa.Column("form_key", sa.String(length=64), nullable=False, comment="random key that came with the form"),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of what was sent"),
        sa.Column(
            "result", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="id of what it made"
        ),
        sa.Column("used_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_form_keys_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_keys")),
        sa.UniqueConstraint("account_id", "form_key", name=op.f("uq_form_keys_account_id")),
        comment="forms sent, so that each acts once",
    )
    op.create_table(
        "listings",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "patent_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="patent; empty while it is not in the base",
        ),
        sa.Column("application_number", sa.String(length=64), nullable=False, comment="申请号 as given, checked"),
        sa.Column("title", sa.Text(), nullable=False, comment="名称"),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="who offers it",
        ),
        sa.Column("modes", sa.JSON(), nullable=False, comment="transfer, licence, open_licence, contribution"),
        sa.Column("price_yuan", sa.BigInteger(), nullable=True, comment="asking price, fen inside; empty: 面议"),
        sa.Column("fee_text", sa.Text(), nullable=True, comment="fee standard in words"),
        sa.Column("maturity", sa.String(length=64), nullable=False, comment="idea, lab, pilot, product"),
        sa.Column("extras", sa.JSON(), nullable=False, comment="know_how, samples, training, equipment, team"),
        sa.Column("note", sa.Text(), nullable=True, comment="holder's remark"),
        sa.Column("state", sa.String(length=64), nullable=False, comment="published, review, refused or withdrawn"),
        sa.Column("review_code", sa.String(length=64), nullable=True, comment="why a person must look"),
        sa.Column(
            "decided_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="who decided the review",
        ),
        sa.Column("decided_at", sa.DateTime(), nullable=True, comment="UTC"),
        sa.Column("decision_note", sa.Text(), nullable=True, comment="why it was decided so"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="last change, UTC"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_listings_decided_by_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_listings_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_listings_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listings")),
        comment="patents on offer by their holders",
    )
    with op.batch_alter_table("listings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listings_application_number"), ["application_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_listings_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_listings_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_listings_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_listings_state"), ["state"], unique=False)

    op.create_table(
        "reveals",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="thread"),
        sa.Column("side", sa.String(length=64), nullable=False, comment="whose data were shown: enterprise or holder"),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="who saw them"
        ),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_reveals_account_id_accounts")),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_reveals_thread_id_threads")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveals")),
        comment="contact data shown, by whom to whom (PIPL)",
    )
    with op.batch_alter_table("reveals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reveals_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reveals_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "thread_guests",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="thread"),
        sa.Column(
            "expert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="expert invited"
        ),
        sa.Column(
            "agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="agency invited"
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="what is asked of the guest"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_thread_guests_agency_id_agencies")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_thread_guests_expert_id_experts")),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_thread_guests_thread_id_threads")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_guests")),
        comment="experts and agencies invited into threads",
    )
    with op.batch_alter_table("thread_guests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_guests_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_thread_guests_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_thread_guests_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "thread_messages",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="thread"),
        sa.Column("side", sa.String(length=64), nullable=False, comment="enterprise, holder, operator or guest"),
        sa.Column("text", sa.Text(), nullable=False, comment="what was written"),
        sa.Column("file_name", sa.String(length=255), nullable=True, comment="name of the file sent with it"),
        sa.Column("file_sha256", sa.String(length=64), nullable=True, comment="of its content"),
        sa.Column("file_size", sa.BigInteger(), nullable=True, comment="bytes"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_thread_messages_thread_id_threads")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_messages")),
        comment="messages and files of threads",
    )
    with op.batch_alter_table("thread_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_messages_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_thread_messages_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "deal_agencies",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="deal"),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="agency"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_deal_agencies_agency_id_agencies")),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_agencies_deal_id_deals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_agencies")),
        comment="service agencies that brought deals about",
    )
    with op.batch_alter_table("deal_agencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_agencies_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deal_agencies_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deal_agencies_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "deal_origins",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="deal"),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="thread"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_origins_deal_id_deals")),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_deal_origins_thread_id_threads")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_origins")),
        sa.UniqueConstraint("deal_id", name=op.f("uq_deal_origins_deal_id")),
        comment="threads that deals grew out of",
    )
    with op.batch_alter_table("deal_origins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_origins_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_deal_origins_thread_id"), ["thread_id"], unique=False)

    with op.batch_alter_table("demands", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "confidentiality",
                sa.String(length=64),
                server_default="title",
                nullable=False,
                comment="who reads the text: title (institutions), interest (after interest), invited",
            )
        )


def downgrade() -> None:
    raise NotImplementedError("what people wrote is never dropped; restore a backup instead")

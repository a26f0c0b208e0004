"""The schema of the first release.

Revision: 0001, after
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("bucket", sa.String(length=255), nullable=False, comment="what is limited, e.g. login:address"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        comment="counted attempts, for limits",
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempts_bucket"), ["bucket"], unique=False)

    op.create_table(
        "channel_troubles",
        sa.Column("channel", sa.String(length=64), nullable=False, comment="the channel's key"),
        sa.Column("code", sa.String(length=64), nullable=False, comment="what to do: code of the words"),
        sa.Column("reply", sa.Text(), nullable=False, comment="what the server said"),
        sa.Column("began_at", sa.DateTime(), nullable=False, comment="first round that stopped, UTC"),
        sa.Column("seen_at", sa.DateTime(), nullable=False, comment="last round that stopped, UTC"),
        sa.Column("times", sa.Integer(), nullable=False, comment="rounds that stopped since"),
        sa.Column("cleared_at", sa.DateTime(), nullable=True, comment="first success after it, UTC"),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_troubles")),
        comment="last trouble of each channel",
    )
    op.create_table(
        "event_log",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment its unit began, UTC"),
        sa.Column("appended_at", sa.DateTime(), nullable=False, comment="moment it was appended, under the lock, UTC"),
        sa.Column("actor", sa.String(length=255), nullable=False, comment="account:ID, or system"),
        sa.Column("verb", sa.String(length=64), nullable=False, comment="what was done, e.g. demand.posted"),
        sa.Column("subject_kind", sa.String(length=64), nullable=False, comment="kind of the record concerned"),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="its id"),
        sa.Column("payload", sa.Text(), nullable=False, comment="canonical JSON without personal data"),
        sa.Column("previous_hash", sa.String(length=64), nullable=False, comment="hash of the entry before"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 over previous hash and this entry"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_log")),
        sa.UniqueConstraint("hash", name=op.f("uq_event_log_hash")),
        comment="append-only, hash-chained log; update and delete are refused by triggers",
    )
    with op.batch_alter_table("event_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_log_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_log_verb"), ["verb"], unique=False)

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
            "owner",
            sa.String(length=255),
            nullable=False,
            comment="account:ID, or visitor: and a digest of its browser's token",
        ),
        sa.Column("key_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the key"),
        sa.Column(
            "digest", sa.String(length=64), nullable=False, comment="keyed digest of the act and of what was sent"
        ),
        sa.Column("answer", sa.LargeBinary(), nullable=True, comment="sealed: status, headers, notices, body"),
        sa.Column("used_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_keys")),
        sa.UniqueConstraint("owner", "key_hash", name=op.f("uq_form_keys_owner")),
        comment="keys of acts done, kept for a day",
    )
    with op.batch_alter_table("form_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_keys_used_at"), ["used_at"], unique=False)

    op.create_table(
        "import_batches",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="patents, enterprises, ..."),
        sa.Column("source_name", sa.String(length=255), nullable=False, comment="who sent the files"),
        sa.Column("files", sa.JSON(), nullable=False, comment="name, size, sha256, sheet and header row of each file"),
        sa.Column("started_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("finished_at", sa.DateTime(), nullable=True, comment="UTC"),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that imported",
        ),
        sa.Column("read", sa.Integer(), nullable=False, comment="data rows read"),
        sa.Column("created", sa.Integer(), nullable=False, comment="new records"),
        sa.Column("updated", sa.Integer(), nullable=False, comment="records that learned something"),
        sa.Column("unchanged", sa.Integer(), nullable=False, comment="rows that said nothing new"),
        sa.Column("refused", sa.Integer(), nullable=False, comment="rows with an error"),
        sa.Column("review", sa.Integer(), nullable=False, comment="rows held for a person"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
        comment="imports and their sums: read = created + updated + unchanged + refused + review",
    )
    op.create_table(
        "job_runs",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("job", sa.String(length=64), nullable=False, comment="match, plan, send ..."),
        sa.Column("tick", sa.String(length=64), nullable=False, comment="the minute it stands for, UTC"),
        sa.Column("started_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("finished_at", sa.DateTime(), nullable=True, comment="UTC"),
        sa.Column("outcome", sa.JSON(), nullable=True, comment="what it did, or the refusal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
        sa.UniqueConstraint("job", "tick", name=op.f("uq_job_runs_job")),
        comment="ticks of scheduled jobs",
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=64), nullable=False, comment="scheduler, ..."),
        sa.Column("holder", sa.String(length=255), nullable=False, comment="random name of the process"),
        sa.Column("until_at", sa.DateTime(), nullable=False, comment="valid until, UTC"),
        sa.Column("seen_at", sa.DateTime(), nullable=False, comment="last sign of life, UTC"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
        comment="database leases of scheduled work",
    )
    op.create_table(
        "match_runs",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("model", sa.String(length=255), nullable=False, comment="model version incl. digest of its settings"),
        sa.Column("started_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("finished_at", sa.DateTime(), nullable=True, comment="UTC; empty: did not finish"),
        sa.Column("demands", sa.Integer(), nullable=False, comment="demands matched"),
        sa.Column("patents", sa.Integer(), nullable=False, comment="patents in the index"),
        sa.Column("pairs", sa.Integer(), nullable=False, comment="results stored"),
        sa.Column("seconds", sa.Float(), nullable=False, comment="wall time of matching"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_runs")),
        comment="runs of the matcher, never changed after they finish",
    )
    op.create_table(
        "payment_allowances",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("subject_kind", sa.String(length=64), nullable=False, comment="deals or licences"),
        sa.Column(
            "subject_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="id within that kind",
        ),
        sa.Column(
            "most_yuan", sa.BigInteger(), nullable=False, comment="what its payments may come to together, fen inside"
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="why"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_allowances")),
        comment="higher totals of payments that the bureau allowed",
    )
    with op.batch_alter_table("payment_allowances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_allowances_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index("ix_payment_allowances_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "agencies",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("uscc", sa.String(length=64), nullable=True, comment="统一社会信用代码"),
        sa.Column("name", sa.String(length=255), nullable=False, comment="机构名称"),
        sa.Column("name_key", sa.String(length=255), nullable=False, comment="normalised name"),
        sa.Column("licence_number", sa.String(length=255), nullable=True, comment="执业许可证号"),
        sa.Column("agency_code", sa.String(length=64), nullable=True, comment="代理机构代码"),
        sa.Column("service_types", sa.JSON(), nullable=False, comment="服务类型, list of words"),
        sa.Column("is_patent_agency", sa.Boolean(), nullable=False, comment="专利代理机构"),
        sa.Column("contact_name", sa.String(length=255), nullable=True, comment="联系人; personal data"),
        sa.Column("phone", sa.String(length=64), nullable=True, comment="电话; personal data, masked"),
        sa.Column("address", sa.Text(), nullable=True, comment="地址"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="last change of what is known, UTC"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batches.id"], name=op.f("fk_agencies_batch_id_import_batches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("uscc", name=op.f("uq_agencies_uscc")),
        comment="service agencies (服务机构) as now known",
    )
    with op.batch_alter_table("agencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agencies_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agencies_licence_number"), ["licence_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_agencies_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_agencies_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "batch_sources",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="batch"),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="register, bulletin, list or vendor"),
        sa.Column("issuer", sa.String(length=255), nullable=False, comment="who issued the files"),
        sa.Column("issued_on", sa.Date(), nullable=False, comment="day of issue"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_batch_sources_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_sources")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_batch_sources_batch_id")),
        comment="kind, issuer and day of the files of a batch, as named at import",
    )
    with op.batch_alter_table("batch_sources", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_sources_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "batch_spans",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="batch"),
        sa.Column("file", sa.String(length=255), nullable=False, comment="file name, inside a zip its path"),
        sa.Column("sheet", sa.String(length=255), nullable=False, comment="sheet name"),
        sa.Column(
            "last_revision",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="number of the last revision of the span",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_batch_spans_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_spans")),
        comment="files of a batch by the revisions they made",
    )
    with op.batch_alter_table("batch_spans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_spans_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "bound_rows",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "entry_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="entry with the root",
        ),
        sa.Column("table_name", sa.String(length=64), nullable=False, comment="table of the rows"),
        sa.Column("row_ids", sa.LargeBinary(), nullable=False, comment="their keys, 8 bytes each, little end first"),
        sa.Column("digests", sa.LargeBinary(), nullable=False, comment="their digests, 16 bytes each; zeros: deleted"),
        sa.ForeignKeyConstraint(["entry_id"], ["event_log.id"], name=op.f("fk_bound_rows_entry_id_event_log")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bound_rows")),
        comment="digests of countable rows, append-only; the newest of a row is in force",
    )
    with op.batch_alter_table("bound_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bound_rows_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bound_rows_table_name"), ["table_name"], unique=False)

    op.create_table(
        "calibrations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("model", sa.String(length=255), nullable=False, comment="model version that scored the pairs"),
        sa.Column("labelled_set", sa.String(length=255), nullable=False, comment="name of the file with the labels"),
        sa.Column("labels", sa.Integer(), nullable=False, comment="labelled pairs"),
        sa.Column("steps", sa.JSON(), nullable=False, comment="steps of the table, lowest score first"),
        sa.Column("rule", sa.JSON(), nullable=False, comment="how the rule of no good match did on its demands"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_calibrations_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibrations")),
        comment="measured tables of score and precision (评分校准)",
    )
    with op.batch_alter_table("calibrations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calibrations_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_calibrations_model"), ["model"], unique=False)
        batch_op.create_index(batch_op.f("ix_calibrations_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "claims",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("goal", sa.String(length=64), nullable=False, comment="goal of the rule pack"),
        sa.Column("policy", sa.String(length=64), nullable=False, comment="rule pack"),
        sa.Column("as_of_on", sa.Date(), nullable=False, comment="counted as of this day"),
        sa.Column("unmasked", sa.Boolean(), nullable=False, comment="with names and contact data of persons"),
        sa.Column("state", sa.String(length=64), nullable=False, comment="waiting, running, built or failed"),
        sa.Column("failure", sa.String(length=64), nullable=True, comment="code of what stopped it"),
        sa.Column("built_at", sa.DateTime(), nullable=True, comment="moment it was frozen, UTC"),
        sa.Column(
            "entry_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="last entry of the log that it holds",
        ),
        sa.Column("root", sa.String(length=64), nullable=True, comment="SHA-256 of its manifest"),
        sa.Column("sha256", sa.String(length=64), nullable=True, comment="SHA-256 of the zip"),
        sa.Column("size", sa.BigInteger(), nullable=True, comment="bytes"),
        sa.Column("files", sa.Integer(), nullable=True, comment="files inside"),
        sa.Column("handed_in_on", sa.Date(), nullable=True, comment="day it was handed in; set once"),
        sa.Column("handed_in_at", sa.DateTime(), nullable=True, comment="moment that was entered, UTC"),
        sa.Column(
            "handed_in_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that entered it",
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="receipt number or remark of handing in"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["event_log.id"], name=op.f("fk_claims_entry_id_event_log")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        comment="claim packages: asked for, built, frozen in the log, handed in",
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claims_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_claims_state"), ["state"], unique=False)

    op.create_table(
        "confirmed_values",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="import that said the same",
        ),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="patents, enterprises, ..."),
        sa.Column(
            "record_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="id within that kind",
        ),
        sa.Column("as_of_on", sa.Date(), nullable=False, comment="day of which the source speaks"),
        sa.Column("fields", sa.JSON(), nullable=False, comment="names of the fields it said the same of"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_confirmed_values_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmed_values")),
        comment="values that a dated source confirmed without changing them",
    )
    with op.batch_alter_table("confirmed_values", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_confirmed_values_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_confirmed_values_record", ["kind", "record_id"], unique=False)

    op.create_table(
        "count_days",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("day_on", sa.Date(), nullable=False, comment="the day, in the pack's city"),
        sa.Column("policy_digest", sa.String(length=64), nullable=False, comment="SHA-256 of the rule pack"),
        sa.Column("threshold", sa.String(length=64), nullable=False, comment="threshold of the rule pack"),
        sa.Column("literal", sa.Integer(), nullable=False, comment="counted literally"),
        sa.Column("strict", sa.Integer(), nullable=False, comment="counted strictly"),
        sa.Column("rows_digest", sa.String(length=64), nullable=False, comment="SHA-256 of every verdict of that day"),
        sa.Column(
            "entry_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="entry that holds the same",
        ),
        sa.Column("counted_at", sa.DateTime(), nullable=False, comment="moment it was counted, UTC"),
        sa.Column(
            "filled", sa.Boolean(), nullable=False, comment="counted later, as of that day: the worker had missed it"
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["event_log.id"], name=op.f("fk_count_days_entry_id_event_log")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_days")),
        sa.UniqueConstraint("day_on", "policy_digest", "threshold", name=op.f("uq_count_days_day_on")),
        comment="counts at the end of each day, bound into the chain",
    )
    with op.batch_alter_table("count_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_count_days_day_on"), ["day_on"], unique=False)

    op.create_table(
        "enterprises",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("uscc", sa.String(length=64), nullable=True, comment="统一社会信用代码, checked (GB 32100)"),
        sa.Column("name", sa.String(length=255), nullable=False, comment="企业名称"),
        sa.Column("name_key", sa.String(length=255), nullable=False, comment="normalised name"),
        sa.Column("region", sa.String(length=255), nullable=True, comment="地区 as written"),
        sa.Column("address", sa.Text(), nullable=True, comment="注册地址"),
        sa.Column("registered_on", sa.Date(), nullable=True, comment="注册日期"),
        sa.Column("capital_yuan", sa.BigInteger(), nullable=True, comment="注册资金, fen inside"),
        sa.Column("business_scope", sa.Text(), nullable=True, comment="经营范围"),
        sa.Column("industry", sa.String(length=255), nullable=True, comment="行业"),
        sa.Column("legal_representative", sa.String(length=255), nullable=True, comment="法定代表人"),
        sa.Column("contact_name", sa.String(length=255), nullable=True, comment="联系人; personal data"),
        sa.Column("contact_phone", sa.String(length=64), nullable=True, comment="电话; personal data, masked"),
        sa.Column("contact_email", sa.String(length=255), nullable=True, comment="e-mail; personal data, masked"),
        sa.Column("local", sa.Boolean(), nullable=True, comment="本地企业: true, false, or not decided"),
        sa.Column(
            "local_decided_by",
            sa.String(length=64),
            nullable=True,
            comment="division, address, hand: what decided local",
        ),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="last change of what is known, UTC"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_enterprises_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprises")),
        sa.UniqueConstraint("uscc", name=op.f("uq_enterprises_uscc")),
        comment="enterprises (企业) as now known",
    )
    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprises_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprises_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprises_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprises_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "evidence_files",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "subject_kind", sa.String(length=64), nullable=False, comment="deals, licences, demands, experts, ..."
        ),
        sa.Column(
            "subject_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="id within that kind",
        ),
        sa.Column(
            "purpose",
            sa.String(length=64),
            nullable=False,
            comment="contract, payment_proof, register_proof, notice, consent, authorisation, implementation_proof, other",
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the content"),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes"),
        sa.Column("name", sa.String(length=255), nullable=False, comment="file name as given"),
        sa.Column("media_type", sa.String(length=120), nullable=False, comment="by its content"),
        sa.Column("pages", sa.Integer(), nullable=False, comment="pages that can be shown; 0 for none"),
        sa.Column(
            "picture_hash",
            sa.String(length=256),
            nullable=True,
            comment="perceptual hash of the picture or first page, hexadecimal",
        ),
        sa.Column("paper_kind", sa.String(length=64), nullable=False, comment="contract, notice, bank_slip, ..."),
        sa.Column("issuer", sa.String(length=255), nullable=True, comment="who issued the paper"),
        sa.Column("number", sa.String(length=255), nullable=True, comment="number of the paper"),
        sa.Column("issued_on", sa.Date(), nullable=True, comment="day of the paper"),
        sa.Column("damaged_at", sa.DateTime(), nullable=True, comment="check that found it missing or changed, UTC"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_evidence_files_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_files")),
        comment="evidence, stored by content hash",
    )
    with op.batch_alter_table("evidence_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_files_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_files_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_files_sha256"), ["sha256"], unique=False)
        batch_op.create_index("ix_evidence_files_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "experts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("name", sa.String(length=255), nullable=False, comment="姓名"),
        sa.Column("organisation", sa.String(length=255), nullable=False, comment="工作单位"),
        sa.Column("person_key", sa.String(length=255), nullable=False, comment="normalised name|organisation"),
        sa.Column("field", sa.Text(), nullable=True, comment="研究方向"),
        sa.Column("title", sa.String(length=255), nullable=True, comment="职称"),
        sa.Column("qualification", sa.Text(), nullable=True, comment="资质"),
        sa.Column("consent_on", sa.Date(), nullable=True, comment="day of the consent on file (PIPL 13)"),
        sa.Column("consent_evidence", sa.Text(), nullable=True, comment="where the consent is kept"),
        sa.Column("phone", sa.String(length=64), nullable=True, comment="personal data, masked"),
        sa.Column("email", sa.String(length=255), nullable=True, comment="personal data, masked"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="last change of what is known, UTC"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batches.id"], name=op.f("fk_experts_batch_id_import_batches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts")),
        sa.UniqueConstraint("person_key", name=op.f("uq_experts_person_key")),
        comment="experts (专家) as now known",
    )
    with op.batch_alter_table("experts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_experts_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_experts_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "import_problems",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="batch"),
        sa.Column("file", sa.String(length=255), nullable=False, comment="file name"),
        sa.Column("sheet", sa.String(length=255), nullable=False, comment="sheet name"),
        sa.Column("line", sa.Integer(), nullable=False, comment="1-based line in the file"),
        sa.Column("column", sa.String(length=255), nullable=False, comment="header of the column"),
        sa.Column("value", sa.Text(), nullable=False, comment="the cell as written"),
        sa.Column("code", sa.String(length=64), nullable=False, comment="problem code, worded in matchhub/wording"),
        sa.Column("severity", sa.String(length=64), nullable=False, comment="error, review or warning"),
        sa.Column("raw", sa.JSON(), nullable=False, comment="the row as written: header and cell pairs"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_import_problems_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_problems")),
        comment="problems of imported rows",
    )
    with op.batch_alter_table("import_problems", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_problems_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_problems_code"), ["code"], unique=False)

    op.create_table(
        "learned_words",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("plain", sa.String(length=255), nullable=False, comment="word of demands, normalised"),
        sa.Column(
            "patent_word", sa.String(length=255), nullable=False, comment="word of the accepted patents, normalised"
        ),
        sa.Column("trust", sa.Float(), nullable=False, comment="0..1, below every written entry"),
        sa.Column("firms", sa.Integer(), nullable=False, comment="enterprises whose accepted matches speak for it"),
        sa.Column("against", sa.Integer(), nullable=False, comment="enterprises that declined such a match"),
        sa.Column("strength", sa.Float(), nullable=False, comment="twice the log likelihood ratio against chance"),
        sa.Column(
            "matches",
            sa.JSON(),
            nullable=False,
            comment="the matches it came from: enterprise, demand, patent; one per enterprise",
        ),
        sa.Column("struck", sa.Boolean(), nullable=False, comment="struck out by the operator: never learned again"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_learned_words_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_words")),
        comment="words learned for everybody from accepted matches (从接受的匹配中学到的词)",
    )
    with op.batch_alter_table("learned_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learned_words_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_learned_words_plain"), ["plain"], unique=False)
        batch_op.create_index(batch_op.f("ix_learned_words_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "party_relations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("left_key", sa.String(length=255), nullable=False, comment="USCC or normalised name"),
        sa.Column("right_key", sa.String(length=255), nullable=False, comment="USCC or normalised name"),
        sa.Column(
            "relation",
            sa.String(length=64),
            nullable=False,
            comment="legal_representative, shareholder, phone, address, declared",
        ),
        sa.Column("evidence", sa.Text(), nullable=False, comment="where it was seen"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_party_relations_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_relations")),
        comment="affiliations between parties with their evidence",
    )
    with op.batch_alter_table("party_relations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_relations_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_relations_left_key"), ["left_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_relations_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_relations_right_key"), ["right_key"], unique=False)

    op.create_table(
        "patents",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("application_number", sa.String(length=64), nullable=True, comment="申请号 201710601862.3, checked"),
        sa.Column(
            "number_completed",
            sa.Boolean(),
            nullable=False,
            comment="no source gave the check digit of the application number; it was computed",
        ),
        sa.Column(
            "publication_number", sa.String(length=64), nullable=True, comment="公开(公告)号 as first seen, CN1234567A"
        ),
        sa.Column("title", sa.Text(), nullable=True, comment="名称"),
        sa.Column("abstract", sa.Text(), nullable=True, comment="摘要"),
        sa.Column("claim", sa.Text(), nullable=True, comment="主权项"),
        sa.Column("patent_type", sa.String(length=64), nullable=True, comment="invention, utility_model or design"),
        sa.Column("filed_on", sa.Date(), nullable=True, comment="申请日"),
        sa.Column("published_on", sa.Date(), nullable=True, comment="公开日"),
        sa.Column("granted_on", sa.Date(), nullable=True, comment="授权公告日"),
        sa.Column("expires_on", sa.Date(), nullable=True, comment="失效日 where a source states it"),
        sa.Column(
            "annuity_paid_to_on", sa.Date(), nullable=True, comment="年费已缴至 where a source or the holder states it"
        ),
        sa.Column("agency_name", sa.String(length=255), nullable=True, comment="代理机构"),
        sa.Column("agency_code", sa.String(length=64), nullable=True, comment="代理机构代码, 5 digits"),
        sa.Column("address", sa.Text(), nullable=True, comment="address of the first holder as published"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="last change of what is known, UTC"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batches.id"], name=op.f("fk_patents_batch_id_import_batches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patents")),
        sa.UniqueConstraint("application_number", name=op.f("uq_patents_application_number")),
        comment="patents (专利) as now known",
    )
    with op.batch_alter_table("patents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patents_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patents_publication_number"), ["publication_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_patents_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_patents_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "push_drafts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="match run it was chosen from",
        ),
        sa.Column("model", sa.String(length=255), nullable=False, comment="model version that scored its pairs"),
        sa.Column("state", sa.String(length=64), nullable=False, comment="open, confirmed, discarded or replaced"),
        sa.Column("automatic", sa.Boolean(), nullable=False, comment="confirmed by itself, without the desk"),
        sa.Column("planned_on", sa.Date(), nullable=False, comment="day it plans for"),
        sa.Column("made_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "made_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that made it; empty: the system",
        ),
        sa.Column("settled_at", sa.DateTime(), nullable=True, comment="confirmed or given up, UTC"),
        sa.Column(
            "settled_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that did so; empty: the system",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["match_runs.id"], name=op.f("fk_push_drafts_run_id_match_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_drafts")),
        comment="plans of pushes (推送计划), drafts until they are confirmed",
    )
    with op.batch_alter_table("push_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_drafts_made_at"), ["made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_push_drafts_state"), ["state"], unique=False)

    op.create_table(
        "revisions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="patents, enterprises, ..."),
        sa.Column(
            "record_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="id within that kind",
        ),
        sa.Column("fields", sa.JSON(), nullable=False, comment="new values of the fields that changed"),
        sa.Column("as_of_on", sa.Date(), nullable=True, comment="day of which the source speaks, where it tells one"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batches.id"], name=op.f("fk_revisions_batch_id_import_batches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        comment="what became known, append-only",
    )
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revisions_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_revisions_record", ["kind", "record_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_revisions_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "samples",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("threshold", sa.String(length=64), nullable=False, comment="threshold of the rule pack"),
        sa.Column(
            "record_kind", sa.String(length=64), nullable=False, comment="kind of record that the threshold counts"
        ),
        sa.Column(
            "open_key",
            sa.String(length=64),
            nullable=True,
            comment="the threshold while the sample is open, then empty: at most one is open",
        ),
        sa.Column(
            "entry_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="entry whose hash is the seed",
        ),
        sa.Column("seed", sa.String(length=64), nullable=False, comment="that hash"),
        sa.Column("policy", sa.String(length=64), nullable=False, comment="rule pack"),
        sa.Column("policy_digest", sa.String(length=64), nullable=False, comment="SHA-256 of its content"),
        sa.Column("as_of_on", sa.Date(), nullable=False, comment="counted as of this day"),
        sa.Column("population", sa.Integer(), nullable=False, comment="records that counted strictly then"),
        sa.Column(
            "strata",
            sa.JSON(),
            nullable=False,
            comment="these records by source and by account that entered them, each as source, person, records",
        ),
        sa.Column(
            "base_digest",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 over the strata, as entry_id states it",
        ),
        sa.Column("closed_at", sa.DateTime(), nullable=True, comment="moment it was closed, UTC; set once"),
        sa.Column(
            "closed_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that closed it",
        ),
        sa.Column("closing_note", sa.Text(), nullable=True, comment="what was concluded"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["event_log.id"], name=op.f("fk_samples_entry_id_event_log")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("open_key", name=op.f("uq_samples_open_key")),
        comment="samples drawn by the bureau from the strictly counted records",
    )
    with op.batch_alter_table("samples", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_samples_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_samples_threshold"), ["threshold"], unique=False)

    op.create_table(
        "source_decisions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="batch"),
        sa.Column("decision", sa.String(length=64), nullable=False, comment="right (seen and right) or rejected"),
        sa.Column("note", sa.Text(), nullable=True, comment="why, of a rejection"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_source_decisions_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_decisions")),
        comment="what the bureau said of sources of imported files",
    )
    with op.batch_alter_table("source_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_decisions_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_source_decisions_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "sourced_values",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="batch"),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="experts or agencies"),
        sa.Column(
            "record_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="id within that kind",
        ),
        sa.Column("field", sa.String(length=64), nullable=False, comment="name of the field"),
        sa.Column("value", sa.Text(), nullable=False, comment="what it said"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_sourced_values_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sourced_values")),
        comment="titles, codes and licences as files with a named source say them",
    )
    with op.batch_alter_table("sourced_values", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sourced_values_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_sourced_values_record", ["kind", "record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sourced_values_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "thesaurus_entries",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("plain", sa.String(length=255), nullable=False, comment="word of the shop floor, normalised"),
        sa.Column("patent_words", sa.JSON(), nullable=False, comment="words that patents use for it, normalised"),
        sa.Column(
            "trust", sa.Float(), nullable=False, comment="above 0 to 1; 0: these pairs of the shipped list are off"
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="why it was added"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_thesaurus_entries_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thesaurus_entries")),
        comment="the operator's own entries of the thesaurus (近义词)",
    )
    with op.batch_alter_table("thesaurus_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thesaurus_entries_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_thesaurus_entries_plain"), ["plain"], unique=False)
        batch_op.create_index(batch_op.f("ix_thesaurus_entries_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "award_records",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "kind",
            sa.String(length=64),
            nullable=False,
            comment="what a clause counts: sales, pledge_loans, events, agents, ...",
        ),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="agency"),
        sa.Column(
            "enterprise_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="borrower of a loan, or whose project it is",
        ),
        sa.Column(
            "title", sa.Text(), nullable=False, comment="contract, event, agent, project, or source of the sales"
        ),
        sa.Column(
            "number", sa.String(length=64), nullable=True, comment="certificate of an agent, number of a project"
        ),
        sa.Column(
            "occurred_on",
            sa.Date(),
            nullable=False,
            comment="day; of sales the year's last, of an agent the contract's first",
        ),
        sa.Column("notified_on", sa.Date(), nullable=True, comment="day an event was announced to the bureau"),
        sa.Column("until_on", sa.Date(), nullable=True, comment="last day of an agent's contract"),
        sa.Column("started_on", sa.Date(), nullable=True, comment="an agent's first day of service"),
        sa.Column("left_on", sa.Date(), nullable=True, comment="day an agent or agency left"),
        sa.Column("reviewed_on", sa.Date(), nullable=True, comment="day a project or platform passed the review"),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=True, comment="loan or sales, fen inside"),
        sa.Column("agents", sa.Integer(), nullable=True, comment="patent agents of an agency at entry"),
        sa.Column("cases", sa.Integer(), nullable=True, comment="cases of an agency at entry"),
        sa.Column("top_firms", sa.Integer(), nullable=True, comment="firms of the top list at entry"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="last change of what is known, UTC"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_award_records_agency_id_agencies")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_award_records_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_award_records_enterprise_id_enterprises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_records")),
        comment="what the other clauses are computed from, beside deals",
    )
    with op.batch_alter_table("award_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_records_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_records_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_records_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_records_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "demands",
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
            comment="who needs it",
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="需求名称"),
        sa.Column("text", sa.Text(), nullable=False, comment="拟解决的技术难题"),
        sa.Column(
            "text_key",
            sa.String(length=64),
            nullable=False,
            comment="digest of enterprise and normalised wording: the same demand again",
        ),
        sa.Column("object", sa.Text(), nullable=True, comment="对象: what it is about"),
        sa.Column("aim", sa.Text(), nullable=True, comment="目的: what is wanted"),
        sa.Column("targets", sa.Text(), nullable=True, comment="技术指标"),
        sa.Column("existing", sa.Text(), nullable=True, comment="现有基础条件"),
        sa.Column("technical_field", sa.Text(), nullable=True, comment="技术领域"),
        sa.Column("ipc", sa.JSON(), nullable=False, comment="IPC symbols given with the demand"),
        sa.Column("cooperation_form", sa.String(length=255), nullable=True, comment="合作方式"),
        sa.Column("budget_yuan", sa.BigInteger(), nullable=True, comment="预算金额, fen inside"),
        sa.Column("budget_negotiable", sa.Boolean(), nullable=False, comment="面议"),
        sa.Column("contact_name", sa.String(length=255), nullable=True, comment="联系人; personal data"),
        sa.Column("contact_phone", sa.String(length=64), nullable=True, comment="personal data, masked"),
        sa.Column("contact_email", sa.String(length=255), nullable=True, comment="personal data, masked"),
        sa.Column("posted_on", sa.Date(), nullable=False, comment="day it was posted"),
        sa.Column("valid_until_on", sa.Date(), nullable=True, comment="有效期"),
        sa.Column("authorised_on", sa.Date(), nullable=True, comment="day the enterprise authorised it"),
        sa.Column("authorised_by", sa.String(length=255), nullable=True, comment="who authorised it, or how"),
        sa.Column(
            "confidentiality",
            sa.String(length=64),
            server_default="title",
            nullable=False,
            comment="who reads the text: title (institutions), interest (after interest), invited",
        ),
        sa.Column(
            "state", sa.String(length=64), nullable=False, comment="submitted, returned, verified, solved, withdrawn"
        ),
        sa.Column(
            "duplicate_of_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="earlier demand it nearly repeats",
        ),
        sa.Column("duplicate_score", sa.Float(), nullable=True, comment="0..1 likeness to that demand"),
        sa.Column(
            "duplicate_decision",
            sa.String(length=64),
            nullable=True,
            comment="same or different, once a person decided",
        ),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="last change of what is known, UTC"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batches.id"], name=op.f("fk_demands_batch_id_import_batches")),
        sa.ForeignKeyConstraint(["duplicate_of_id"], ["demands.id"], name=op.f("fk_demands_duplicate_of_id_demands")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_demands_enterprise_id_enterprises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demands")),
        comment="technology demands (技术需求) as now known",
    )
    with op.batch_alter_table("demands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demands_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demands_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demands_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_demands_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_demands_text_key"), ["text_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_demands_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "enterprise_categories",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "enterprise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="enterprise"
        ),
        sa.Column(
            "category", sa.String(length=64), nullable=False, comment="key of the rule pack, e.g. high_tech_enterprise"
        ),
        sa.Column("certificate_number", sa.String(length=255), nullable=True, comment="证书编号"),
        sa.Column("official_list", sa.Text(), nullable=True, comment="official list that names the firm"),
        sa.Column("valid_from_on", sa.Date(), nullable=True, comment="first day of validity"),
        sa.Column("valid_to_on", sa.Date(), nullable=True, comment="last day of validity"),
        sa.Column(
            "root_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="first row of this claim, when a merge or taking it back wrote it again for another firm",
        ),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_enterprise_categories_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_enterprise_categories_enterprise_id_enterprises")
        ),
        sa.ForeignKeyConstraint(
            ["root_id"],
            ["enterprise_categories.id"],
            name=op.f("fk_enterprise_categories_root_id_enterprise_categories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_categories")),
        comment="innovation categories of enterprises with proof and validity",
    )
    with op.batch_alter_table("enterprise_categories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprise_categories_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprise_categories_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprise_categories_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprise_categories_root_id"), ["root_id"], unique=False)

    op.create_table(
        "enterprise_names",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "enterprise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="enterprise"
        ),
        sa.Column("name", sa.String(length=255), nullable=False, comment="former name as written"),
        sa.Column("name_key", sa.String(length=255), nullable=False, comment="normalised former name"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_enterprise_names_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_enterprise_names_enterprise_id_enterprises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_names")),
        comment="former names of enterprises",
    )
    with op.batch_alter_table("enterprise_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprise_names_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprise_names_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprise_names_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprise_names_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "evidence_repetitions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "first_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the file that came first",
        ),
        sa.Column(
            "second_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the file that seems to repeat it",
        ),
        sa.Column("sign", sa.String(length=64), nullable=False, comment="what they share: picture or number"),
        sa.Column("bits_apart", sa.Integer(), nullable=True, comment="difference of the picture hashes in bits"),
        sa.Column(
            "decision", sa.String(length=64), nullable=True, comment="same or different; empty: nobody has decided"
        ),
        sa.Column("decided_at", sa.DateTime(), nullable=True, comment="UTC"),
        sa.Column(
            "decided_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that decided",
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="why"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["evidence_files.id"], name=op.f("fk_evidence_repetitions_first_id_evidence_files")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["evidence_files.id"], name=op.f("fk_evidence_repetitions_second_id_evidence_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_repetitions")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_evidence_repetitions_first_id")),
        comment="papers proposed as one, and what was decided",
    )
    with op.batch_alter_table("evidence_repetitions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_repetitions_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_repetitions_second_id"), ["second_id"], unique=False)

    op.create_table(
        "firm_grades",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent graded"
        ),
        sa.Column(
            "enterprise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="firm"
        ),
        sa.Column("grade", sa.String(length=64), nullable=False, comment="a key of domain/stock_grades.toml, [[firm]]"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why, in the firm's words"),
        sa.Column("graded_on", sa.Date(), nullable=False, comment="day of the grade"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_firm_grades_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_firm_grades_enterprise_id_enterprises")
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_firm_grades_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_grades")),
        comment="firms' grades of patents in stock, with reasons; counted nowhere",
    )
    with op.batch_alter_table("firm_grades", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_firm_grades_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_firm_grades_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_firm_grades_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_firm_grades_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "holder_grades",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent graded"
        ),
        sa.Column(
            "grade", sa.String(length=64), nullable=False, comment="a key of domain/stock_grades.toml, [[holder]]"
        ),
        sa.Column("graded_on", sa.Date(), nullable=False, comment="day of the grade"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_holder_grades_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_holder_grades_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder_grades")),
        comment="holders' grades of their patents in stock; counted nowhere",
    )
    with op.batch_alter_table("holder_grades", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holder_grades_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_holder_grades_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_holder_grades_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "offers",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent"),
        sa.Column(
            "identity_key", sa.String(length=255), nullable=False, comment="patent, regime, announcement number or day"
        ),
        sa.Column("holder_name", sa.String(length=255), nullable=True, comment="专利权人"),
        sa.Column("regime", sa.String(length=64), nullable=True, comment="pilot (试点) or cnipa (国知局公告)"),
        sa.Column("platform", sa.String(length=255), nullable=True, comment="local platform of the pilot"),
        sa.Column("announcement_number", sa.String(length=255), nullable=True, comment="公告号 of the declaration"),
        sa.Column("declared_on", sa.Date(), nullable=True, comment="day it was published"),
        sa.Column(
            "fee_method", sa.String(length=64), nullable=True, comment="fixed, royalty_sales, royalty_profit, free"
        ),
        sa.Column("fee_yuan", sa.BigInteger(), nullable=True, comment="fixed fee, fen inside"),
        sa.Column(
            "royalty_percent", sa.Numeric(precision=6, scale=3), nullable=True, comment="percent of net sales or profit"
        ),
        sa.Column("fee_text", sa.Text(), nullable=True, comment="fee standard in the declaration's words"),
        sa.Column("valid_from_on", sa.Date(), nullable=True, comment="first day of the period"),
        sa.Column("valid_to_on", sa.Date(), nullable=True, comment="last day of the period"),
        sa.Column("industry", sa.String(length=255), nullable=True, comment="related industry of the city"),
        sa.Column("industry_reason", sa.Text(), nullable=True, comment="why it is related"),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="day the holder withdrew the declaration"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="last change of what is known, UTC"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batches.id"], name=op.f("fk_offers_batch_id_import_batches")),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_offers_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("identity_key", name=op.f("uq_offers_identity_key")),
        comment="open-licence declarations (开放许可声明) as now known",
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offers_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "organisations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("name", sa.String(length=255), nullable=False, comment="name"),
        sa.Column(
            "name_key", sa.String(length=255), nullable=False, comment="normalised name; gives no right by itself"
        ),
        sa.Column(
            "uscc",
            sa.String(length=64),
            nullable=True,
            comment="统一社会信用代码 of an organisation that is no enterprise of the base",
        ),
        sa.Column(
            "kind", sa.String(length=64), nullable=False, comment="enterprise, institution, operator, bureau or system"
        ),
        sa.Column(
            "enterprise_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="enterprise of the base",
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_organisations_enterprise_id_enterprises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("enterprise_id", name=op.f("uq_organisations_enterprise_id")),
        sa.UniqueConstraint("uscc", name=op.f("uq_organisations_uscc")),
        comment="organisations that accounts act for",
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisations_name_key"), ["name_key"], unique=False)

    op.create_table(
        "party_existences",
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
            nullable=True,
            comment="enterprise meant, else empty",
        ),
        sa.Column(
            "agency_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="agency meant, else empty",
        ),
        sa.Column(
            "state", sa.String(length=64), nullable=False, comment="active, struck_off, closed, moved_out or unknown"
        ),
        sa.Column("wording", sa.Text(), nullable=False, comment="the source's own words"),
        sa.Column("as_of_on", sa.Date(), nullable=False, comment="day on which the source looked"),
        sa.Column(
            "day_told", sa.Boolean(), nullable=False, comment="the source told that day; else that of the import"
        ),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_party_existences_agency_id_agencies")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_party_existences_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_party_existences_enterprise_id_enterprises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_existences")),
        comment="dated existence of enterprises and agencies, append-only",
    )
    with op.batch_alter_table("party_existences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_existences_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_existences_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_existences_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_existences_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "patent_aliases",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent meant"
        ),
        sa.Column("value", sa.String(length=64), nullable=False, comment="the number in its canonical form"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_patent_aliases_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_patent_aliases_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patent_aliases")),
        sa.UniqueConstraint("value", name=op.f("uq_patent_aliases_value")),
        comment="publication numbers and other names of one patent",
    )
    with op.batch_alter_table("patent_aliases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patent_aliases_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patent_aliases_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patent_aliases_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "patent_classes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent"),
        sa.Column("scheme", sa.String(length=64), nullable=False, comment="ipc or locarno"),
        sa.Column("position", sa.Integer(), nullable=False, comment="0-based; 0 is the main class"),
        sa.Column("symbol", sa.String(length=64), nullable=False, comment="A01B 1/02 or 02-04"),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_patent_classes_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patent_classes")),
        sa.UniqueConstraint("patent_id", "scheme", "position", name=op.f("uq_patent_classes_patent_id")),
        comment="IPC (国际专利分类) and Locarno (洛迦诺) symbols as now known",
    )
    with op.batch_alter_table("patent_classes", schema=None) as batch_op:
        batch_op.create_index("ix_patent_classes_symbol", ["scheme", "symbol"], unique=False)

    op.create_table(
        "patent_encumbrances",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent"),
        sa.Column(
            "encumbrance_type",
            sa.String(length=64),
            nullable=False,
            comment="pledge, preservation, exclusive_licence, ...",
        ),
        sa.Column("from_on", sa.Date(), nullable=True, comment="first day"),
        sa.Column("to_on", sa.Date(), nullable=True, comment="last day; empty: still on"),
        sa.Column("register_event", sa.String(length=64), nullable=False, comment="PC01, PP01, EE01 ... where known"),
        sa.Column("ended", sa.Boolean(), nullable=False, comment="the source says that it has ended"),
        sa.Column("as_of_on", sa.Date(), nullable=False, comment="day of which the source says so"),
        sa.Column(
            "day_told", sa.Boolean(), nullable=False, comment="the source told that day; else that of the import"
        ),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_patent_encumbrances_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_patent_encumbrances_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patent_encumbrances")),
        comment="pledge, preservation, exclusive or sole licence, open licence, dispute",
    )
    with op.batch_alter_table("patent_encumbrances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patent_encumbrances_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patent_encumbrances_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patent_encumbrances_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "patent_holders",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent"),
        sa.Column(
            "role",
            sa.String(length=64),
            nullable=False,
            comment="applicant (申请人), owner (专利权人) or inventor (发明人)",
        ),
        sa.Column("position", sa.Integer(), nullable=False, comment="0-based place in the list"),
        sa.Column("name", sa.Text(), nullable=False, comment="name as published"),
        sa.Column("name_key", sa.Text(), nullable=False, comment="normalised name"),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_patent_holders_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patent_holders")),
        sa.UniqueConstraint("patent_id", "role", "position", name=op.f("uq_patent_holders_patent_id")),
        comment="applicants, owners and inventors of patents as now known",
    )
    with op.batch_alter_table("patent_holders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patent_holders_name_key"), ["name_key"], unique=False)

    op.create_table(
        "patent_statuses",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent"),
        sa.Column("validity", sa.String(length=64), nullable=False, comment="in_force, pending, dead or unknown"),
        sa.Column("reason", sa.String(length=64), nullable=False, comment="granted, fee_lapsed, invalidated, ..."),
        sa.Column("wording", sa.Text(), nullable=False, comment="the source's own words"),
        sa.Column("as_of_on", sa.Date(), nullable=False, comment="day on which the source looked"),
        sa.Column(
            "day_told", sa.Boolean(), nullable=False, comment="the source told that day; else that of the import"
        ),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_patent_statuses_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_patent_statuses_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patent_statuses")),
        comment="dated legal status of patents, append-only",
    )
    with op.batch_alter_table("patent_statuses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patent_statuses_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patent_statuses_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patent_statuses_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "sampled_findings",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("sample_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="drawing"),
        sa.Column(
            "record_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="record of the kind that the threshold counts",
        ),
        sa.Column("finding", sa.String(length=64), nullable=False, comment="confirmed, wrong or not_found"),
        sa.Column("note", sa.String(length=255), nullable=True, comment="what was found"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(["sample_id"], ["samples.id"], name=op.f("fk_sampled_findings_sample_id_samples")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_findings")),
        comment="every finding on a record of a sample, the newest in force",
    )
    with op.batch_alter_table("sampled_findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sampled_findings_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sampled_findings_sample_id"), ["sample_id"], unique=False)

    op.create_table(
        "sampled_records",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("sample_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="drawing"),
        sa.Column(
            "record_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="record of the kind that the threshold counts",
        ),
        sa.Column("position", sa.Integer(), nullable=False, comment="1-based order of the drawing"),
        sa.Column(
            "stratum", sa.Integer(), nullable=False, comment="0-based place of its stratum in the sample's strata"
        ),
        sa.Column(
            "finding",
            sa.String(length=64),
            nullable=True,
            comment="confirmed, wrong or not_found; empty: not looked at",
        ),
        sa.Column("note", sa.String(length=255), nullable=True, comment="what was found"),
        sa.Column("found_at", sa.DateTime(), nullable=True, comment="UTC"),
        sa.Column(
            "found_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that looked",
        ),
        sa.ForeignKeyConstraint(["sample_id"], ["samples.id"], name=op.f("fk_sampled_records_sample_id_samples")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_records")),
        sa.UniqueConstraint("sample_id", "record_id", name=op.f("uq_sampled_records_sample_id")),
        comment="records of samples: confirmed, wrong or not found",
    )
    op.create_table(
        "suppressions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "enterprise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="enterprise"
        ),
        sa.Column("cause", sa.String(length=64), nullable=False, comment="unsubscribed, complaint, operator"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_suppressions_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_suppressions_enterprise_id_enterprises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
        comment="enterprises that must not be pushed to",
    )
    with op.batch_alter_table("suppressions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suppressions_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suppressions_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suppressions_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "accounts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("login", sa.String(length=255), nullable=False, comment="name to sign in with"),
        sa.Column("display_name", sa.String(length=255), nullable=False, comment="name shown"),
        sa.Column("role", sa.String(length=64), nullable=False, comment="a role of the table of permissions"),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="organisation",
        ),
        sa.Column("password_hash", sa.Text(), nullable=False, comment="argon2id"),
        sa.Column("email", sa.String(length=255), nullable=True, comment="personal data"),
        sa.Column(
            "keeps_accounts",
            sa.Boolean(),
            nullable=False,
            comment="of the bureau: makes and changes the bureau's accounts",
        ),
        sa.Column(
            "made_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that made it; empty: the installer, or the firm itself",
        ),
        sa.Column(
            "department", sa.String(length=255), nullable=True, comment="department (部门) within the organisation"
        ),
        sa.Column("chief", sa.Boolean(), nullable=False, comment="of a firm or an institution: invites its colleagues"),
        sa.Column("must_change", sa.Boolean(), nullable=False, comment="password set by another: changed at sign-in"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("disabled_at", sa.DateTime(), nullable=True, comment="UTC; empty: may sign in"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_accounts_made_by_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_accounts_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
        comment="accounts",
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_organisation_id"), ["organisation_id"], unique=False)

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
        sa.Column("fields", sa.JSON(), nullable=False, comment="fields, empty once posted; holds personal data"),
        sa.Column("note", sa.Text(), nullable=True, comment="where it was collected"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="last change, UTC"),
        sa.Column(
            "typing_key",
            sa.String(length=64),
            nullable=True,
            comment="key of the form it was typed in; what comes with it after the posting is not kept",
        ),
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
        batch_op.create_index(batch_op.f("ix_demand_drafts_typing_key"), ["typing_key"], unique=False)

    op.create_table(
        "demand_events",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("demand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="demand"),
        sa.Column("state", sa.String(length=64), nullable=False, comment="state entered"),
        sa.Column("occurred_on", sa.Date(), nullable=False, comment="day it happened"),
        sa.Column("note", sa.Text(), nullable=True, comment="reason, or what was found when it was verified"),
        sa.Column("how", sa.String(length=64), nullable=True, comment="how it was verified: call, visit, message, ..."),
        sa.Column("spoken_to", sa.String(length=255), nullable=True, comment="who was spoken to; personal data"),
        sa.Column("spoken_post", sa.String(length=255), nullable=True, comment="what that person is in the enterprise"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_demand_events_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_demand_events_demand_id_demands")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_events")),
        comment="life of demands: submitted, verified, authorised, returned, solved and so on",
    )
    with op.batch_alter_table("demand_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demand_events_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demand_events_demand_id"), ["demand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demand_events_recorded_at"), ["recorded_at"], unique=False)

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
        "demand_refinements",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("demand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="demand"),
        sa.Column("word", sa.String(length=255), nullable=False, comment="the word, normalised"),
        sa.Column("origin", sa.String(length=64), nullable=False, comment="suggested or typed"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_demand_refinements_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_demand_refinements_demand_id_demands")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_refinements")),
        comment="words chosen to refine demands (补充关键词)",
    )
    with op.batch_alter_table("demand_refinements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demand_refinements_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demand_refinements_demand_id"), ["demand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demand_refinements_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "linked_names",
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
            comment="whose name it is",
        ),
        sa.Column("name", sa.String(length=255), nullable=False, comment="name as written"),
        sa.Column("name_key", sa.String(length=255), nullable=False, comment="normalised name"),
        sa.Column("note", sa.Text(), nullable=False, comment="how it is known"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_linked_names_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_names")),
        comment="written names of holders and parties, linked to organisations by the operator",
    )
    with op.batch_alter_table("linked_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_linked_names_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_linked_names_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_linked_names_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "matches",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="run"),
        sa.Column("demand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="demand"),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent"),
        sa.Column("rank", sa.Integer(), nullable=False, comment="1-based"),
        sa.Column("score", sa.Float(), nullable=False, comment="0..1"),
        sa.Column(
            "reasons", sa.JSON(), nullable=True, comment="summands of the score; empty until somebody is shown the pair"
        ),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_matches_demand_id_demands")),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_matches_patent_id_patents")),
        sa.ForeignKeyConstraint(["run_id"], ["match_runs.id"], name=op.f("fk_matches_run_id_match_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
        comment="results of match runs with the reasons that add up to the score",
    )
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_matches_demand_id"), ["demand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matches_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index("ix_matches_run_demand", ["run_id", "demand_id", "rank"], unique=False)

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
        "organisation_contacts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="whose"
        ),
        sa.Column("contact_name", sa.String(length=255), nullable=False, comment="personal data"),
        sa.Column("contact_phone", sa.String(length=255), nullable=True, comment="personal data"),
        sa.Column("contact_email", sa.String(length=255), nullable=True, comment="personal data"),
        sa.Column("contact_address", sa.Text(), nullable=True, comment="where to write to; personal data"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_contacts_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_contacts")),
        comment="contact data that organisations gave of themselves, append-only, the newest speaks",
    )
    with op.batch_alter_table("organisation_contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_contacts_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_contacts_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "party_words",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("subject_kind", sa.String(length=64), nullable=False, comment="deals or licences"),
        sa.Column(
            "subject_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="id within that kind",
        ),
        sa.Column(
            "role",
            sa.String(length=64),
            nullable=False,
            comment="seller or buyer; of a licence licensor or licensee are meant",
        ),
        sa.Column("name", sa.String(length=255), nullable=False, comment="the party as the contract names it"),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="organisation that was asked",
        ),
        sa.Column(
            "act",
            sa.String(length=64),
            nullable=False,
            comment="opened, signed, changed, paid, refunded, cancelled, ...",
        ),
        sa.Column("said", sa.JSON(), nullable=False, comment="what was done: days, amounts, values before and after"),
        sa.Column("answer", sa.String(length=64), nullable=True, comment="yes or no; empty: no answer yet"),
        sa.Column("note", sa.Text(), nullable=True, comment="the party's own words"),
        sa.Column("answered_at", sa.DateTime(), nullable=True, comment="UTC"),
        sa.Column(
            "answered_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that answered",
        ),
        sa.Column("settled_at", sa.DateTime(), nullable=True, comment="a no that was settled, UTC"),
        sa.Column(
            "settled_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account of the bureau that settled it",
        ),
        sa.Column("settled_note", sa.Text(), nullable=True, comment="how it was settled"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_party_words_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_words")),
        comment="what parties of deals and licences were asked, and their yes or no",
    )
    with op.batch_alter_table("party_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_words_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_words_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index("ix_party_words_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "patent_files",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent shown"
        ),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="holder who added it",
        ),
        sa.Column("caption", sa.String(length=255), nullable=False, comment="what it shows"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the content"),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes"),
        sa.Column("media_type", sa.String(length=120), nullable=False, comment="by its content"),
        sa.Column("pages", sa.Integer(), nullable=False, comment="pages that are shown"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_patent_files_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_patent_files_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patent_files")),
        comment="drawings and documents that holders add to their patents",
    )
    with op.batch_alter_table("patent_files", schema=None) as batch_op:
        batch_op.create_index("ix_patent_files_patent", ["patent_id", "organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patent_files_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "patent_presentations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent told of"
        ),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="holder who tells",
        ),
        sa.Column("gains", sa.Text(), nullable=False, comment="what the buyer gets, in the holder's words"),
        sa.Column("maturity", sa.String(length=64), nullable=True, comment="stage, a key of domain/maturity.toml"),
        sa.Column(
            "video_link", sa.String(length=300), nullable=False, comment="https address, shown as text; empty for none"
        ),
        sa.Column(
            "shown", sa.Boolean(), nullable=False, comment="everybody may see words and files; else the holder alone"
        ),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_patent_presentations_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_patent_presentations_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patent_presentations")),
        comment="what holders say of their patents; the newest row of a holder stands",
    )
    with op.batch_alter_table("patent_presentations", schema=None) as batch_op:
        batch_op.create_index("ix_patent_presentations_patent", ["patent_id", "organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patent_presentations_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "platform_events",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "enterprise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="enterprise"
        ),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent"),
        sa.Column(
            "demand_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="demand it came from",
        ),
        sa.Column("event", sa.String(length=64), nullable=False, comment="view, interest or contact"),
        sa.Column("occurred_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_platform_events_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_platform_events_demand_id_demands")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_platform_events_enterprise_id_enterprises")
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_platform_events_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_events")),
        comment="views, contacts and interest per enterprise and patent, append-only",
    )
    with op.batch_alter_table("platform_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_platform_events_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_platform_events_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_platform_events_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_platform_events_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "pushes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "enterprise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="recipient"
        ),
        sa.Column(
            "demand_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="demand it answers; empty: profile",
        ),
        sa.Column(
            "run_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="match run it was chosen from",
        ),
        sa.Column("model", sa.String(length=255), nullable=False, comment="model version that scored it"),
        sa.Column(
            "unique_key",
            sa.String(length=255),
            nullable=False,
            comment="digest of recipient, demand and patents: planned once",
        ),
        sa.Column("message_id", sa.String(length=255), nullable=False, comment="Message-ID, made once when planned"),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the link's token"),
        sa.Column(
            "recipient_email", sa.String(length=255), nullable=True, comment="address when planned; personal data"
        ),
        sa.Column("due_on", sa.Date(), nullable=False, comment="day it may be sent from"),
        sa.Column(
            "state",
            sa.String(length=64),
            nullable=False,
            comment="planned, sending, delivered, written (to a folder only), failed, suppressed",
        ),
        sa.Column("delivered_at", sa.DateTime(), nullable=True, comment="first delivery on any channel, UTC"),
        sa.Column("written_at", sa.DateTime(), nullable=True, comment="first written to a folder, UTC"),
        sa.Column("opened_at", sa.DateTime(), nullable=True, comment="first reading, UTC"),
        sa.Column(
            "hand_reason",
            sa.Text(),
            nullable=True,
            comment="why the operator added it by hand; empty: chosen by the rules",
        ),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batches.id"], name=op.f("fk_pushes_batch_id_import_batches")),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_pushes_demand_id_demands")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_pushes_enterprise_id_enterprises")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["match_runs.id"], name=op.f("fk_pushes_run_id_match_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pushes")),
        sa.UniqueConstraint("message_id", name=op.f("uq_pushes_message_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_pushes_token_hash")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_pushes_unique_key")),
        comment="precise patent pushes (精准推送), one message each",
    )
    with op.batch_alter_table("pushes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pushes_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pushes_delivered_at"), ["delivered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_pushes_demand_id"), ["demand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pushes_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_pushes_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pushes_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_pushes_state"), ["state"], unique=False)

    op.create_table(
        "recipient_addresses",
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
            comment="whose address it is",
        ),
        sa.Column(
            "channel", sa.String(length=64), nullable=False, comment="email, sms, wecom, dingtalk, feishu, webhook ..."
        ),
        sa.Column(
            "sealed", sa.Text(), nullable=False, comment="address and secret, readable with the installation's key only"
        ),
        sa.Column("address_key", sa.String(length=64), nullable=False, comment="keyed digest of channel and address"),
        sa.Column("shown", sa.String(length=255), nullable=False, comment="what may be shown of it"),
        sa.Column(
            "by_code",
            sa.Boolean(),
            nullable=False,
            comment="it must be confirmed by a code before anything else goes there",
        ),
        sa.Column("code_digest", sa.String(length=64), nullable=True, comment="keyed digest of the code sent last"),
        sa.Column("code_until_at", sa.DateTime(), nullable=True, comment="until when that code holds, UTC"),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True, comment="UTC; empty: its code is awaited"),
        sa.Column("trouble", sa.Text(), nullable=True, comment="why its server refuses it; empty: none known"),
        sa.Column("trouble_at", sa.DateTime(), nullable=True, comment="since when, UTC"),
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
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_recipient_addresses_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient_addresses")),
        comment="addresses that recipients gave themselves",
    )
    with op.batch_alter_table("recipient_addresses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recipient_addresses_address_key"), ["address_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_recipient_addresses_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recipient_addresses_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "recipient_choices",
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
            comment="whose choice it is",
        ),
        sa.Column("choices", sa.JSON(), nullable=False, comment="domain.messages.Choices; no personal data"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_recipient_choices_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient_choices")),
        comment="channels, times and use of the profile that recipients chose, append-only",
    )
    with op.batch_alter_table("recipient_choices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recipient_choices_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recipient_choices_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "story_consents",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("subject_kind", sa.String(length=64), nullable=False, comment="deals or licences"),
        sa.Column(
            "subject_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="id within that kind",
        ),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="party whose word it is",
        ),
        sa.Column("granted", sa.Boolean(), nullable=False, comment="may be told; false: no longer"),
        sa.Column("figures", sa.Boolean(), nullable=False, comment="with what was paid"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_story_consents_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_consents")),
        comment="consent of parties to success stories, append-only; the newest of an organisation holds",
    )
    with op.batch_alter_table("story_consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_story_consents_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_story_consents_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index("ix_story_consents_subject", ["subject_kind", "subject_id"], unique=False)

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
        "account_matters",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="about which account",
        ),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="erasure or chief"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why, as told; may hold personal data"),
        sa.Column("asked_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="who asked"),
        sa.Column("decision", sa.String(length=64), nullable=True, comment="done, refused or taken_back; empty: waits"),
        sa.Column("answer", sa.Text(), nullable=True, comment="why it was refused"),
        sa.Column("decided_at", sa.DateTime(), nullable=True, comment="UTC"),
        sa.Column(
            "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="whose hand"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_matters_account_id_accounts")),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"], name=op.f("fk_account_matters_asked_by_accounts")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_account_matters_decided_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_matters")),
        comment="erasures asked for and done, chief accounts named by the operator",
    )
    with op.batch_alter_table("account_matters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_matters_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_matters_kind"), ["kind"], unique=False)

    op.create_table(
        "account_sessions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the cookie's token"),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="account"
        ),
        sa.Column(
            "device", sa.String(length=255), nullable=True, comment="what the browser is called (domain.devices)"
        ),
        sa.Column("network", sa.String(length=64), nullable=True, comment="part of the address it signed in from"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("seen_at", sa.DateTime(), nullable=False, comment="last use, UTC"),
        sa.Column("ended_at", sa.DateTime(), nullable=True, comment="signed out, UTC"),
        sa.Column(
            "due",
            sa.String(length=64),
            nullable=True,
            comment="before anything else: code (give one) or setup (of codes)",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_sessions_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_sessions_token_hash")),
        comment="signed-in browsers",
    )
    with op.batch_alter_table("account_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_sessions_account_id"), ["account_id"], unique=False)

    op.create_table(
        "api_keys",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="as whom it acts",
        ),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="whose key it is",
        ),
        sa.Column("name", sa.String(length=255), nullable=False, comment="what its makers call it"),
        sa.Column(
            "start",
            sa.String(length=64),
            nullable=False,
            comment="its first characters, by which people tell keys apart",
        ),
        sa.Column("key_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the key"),
        sa.Column("scopes", sa.JSON(), nullable=False, comment="rooms of the API with :read or :write"),
        sa.Column("made_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("expires_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("used_at", sa.DateTime(), nullable=True, comment="last call, UTC"),
        sa.Column("span_at", sa.DateTime(), nullable=True, comment="minute in which calls are counted, UTC"),
        sa.Column("calls", sa.Integer(), nullable=False, comment="calls in that minute"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="UTC; empty: in use"),
        sa.Column(
            "withdrawn_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that withdrew it",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_api_keys_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_api_keys_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["accounts.id"], name=op.f("fk_api_keys_withdrawn_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
        comment="keys of programs that call the API",
    )
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_keys_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_keys_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "batch_undos",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="batch"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why it was taken back"),
        sa.Column("sums", sa.JSON(), nullable=False, comment="records withdrawn, restored and left as they are"),
        sa.Column("undone_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="who took it back"
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_batch_undos_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["undone_by"], ["accounts.id"], name=op.f("fk_batch_undos_undone_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_undos")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_batch_undos_batch_id")),
        comment="batches taken back",
    )
    op.create_table(
        "bounced_addresses",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("channel", sa.String(length=64), nullable=False, comment="the channel's key"),
        sa.Column(
            "email", sa.String(length=255), nullable=False, comment="the address in small letters; personal data"
        ),
        sa.Column(
            "push_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="push that found it out",
        ),
        sa.Column("reply", sa.Text(), nullable=False, comment="what its server said"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_bounced_addresses_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["push_id"], ["pushes.id"], name=op.f("fk_bounced_addresses_push_id_pushes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounced_addresses")),
        comment="addresses no letter goes to until lifted; a corrected address is another one",
    )
    with op.batch_alter_table("bounced_addresses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bounced_addresses_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bounced_addresses_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_bounced_addresses_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "channel_letters",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="recipient"
        ),
        sa.Column(
            "address_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="address it goes to",
        ),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="kind of message: pushes, threads, deals ..."),
        sa.Column("channel", sa.String(length=64), nullable=False, comment="channel it goes by"),
        sa.Column("message_id", sa.String(length=255), nullable=False, comment="made once; repeated when sent again"),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the token of its links"),
        sa.Column("subject", sa.Text(), nullable=False, comment="as sent"),
        sa.Column("text", sa.Text(), nullable=False, comment="as sent"),
        sa.Column("link", sa.Text(), nullable=False, comment="where it leads"),
        sa.Column("made_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "state",
            sa.String(length=64),
            nullable=False,
            comment="planned, sending, delivered, written, refused, given_up or suppressed",
        ),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="attempts so far"),
        sa.Column(
            "claimed_until_at", sa.DateTime(), nullable=True, comment="a sender has it, or it waits, until then, UTC"
        ),
        sa.Column("outcome", sa.String(length=64), nullable=True, comment="what the channel answered last"),
        sa.Column("reply", sa.Text(), nullable=True, comment="in the words of its server"),
        sa.Column("finished_at", sa.DateTime(), nullable=True, comment="UTC"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(
            ["address_id"], ["recipient_addresses.id"], name=op.f("fk_channel_letters_address_id_recipient_addresses")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_channel_letters_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_letters")),
        sa.UniqueConstraint("message_id", name=op.f("uq_channel_letters_message_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_channel_letters_token_hash")),
        comment="letters to addresses that recipients gave themselves, kept as sent",
    )
    with op.batch_alter_table("channel_letters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_letters_address_id"), ["address_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_letters_made_at"), ["made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_letters_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_letters_state"), ["state"], unique=False)

    op.create_table(
        "confirmations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("subject_kind", sa.String(length=64), nullable=False, comment="deals, licences, offers, ..."),
        sa.Column(
            "subject_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="id within that kind",
        ),
        sa.Column("decision", sa.String(length=64), nullable=False, comment="confirmed or rejected"),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="who"),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="for which organisation",
        ),
        sa.Column("role", sa.String(length=64), nullable=False, comment="role at that moment"),
        sa.Column("second_factor", sa.Boolean(), nullable=False, comment="a second factor was given with it"),
        sa.Column("evidence_digests", sa.JSON(), nullable=False, comment="SHA-256 of the evidence this person saw"),
        sa.Column("note", sa.Text(), nullable=True, comment="why"),
        sa.Column(
            "content_digest",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of what was confirmed, evidence included",
        ),
        sa.Column("content", sa.JSON(), nullable=False, comment="what was confirmed, evidence included"),
        sa.Column(
            "lapsed_at",
            sa.DateTime(),
            nullable=True,
            comment="moment it went out of force because the record changed, UTC; set once",
        ),
        sa.Column(
            "lapsed_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account whose act changed the record",
        ),
        sa.Column("lapse", sa.JSON(), nullable=True, comment="what changed: field, before, after"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_confirmations_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_confirmations_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_confirmations_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
        comment="confirmed or rejected, by whom",
    )
    with op.batch_alter_table("confirmations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_confirmations_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_confirmations_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index("ix_confirmations_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="who agreed"
        ),
        sa.Column("version", sa.String(length=64), nullable=False, comment="version of the texts"),
        sa.Column("given_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_consents_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        comment="consents to agreement and privacy text, by version, append-only",
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_account_id"), ["account_id"], unique=False)

    op.create_table(
        "deals",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "contract_number",
            sa.String(length=255),
            nullable=True,
            comment="合同编号; its parties' own, others may bear it",
        ),
        sa.Column(
            "identity_key",
            sa.String(length=255),
            nullable=False,
            comment="digest of contract number and parties, else of parties, patents and day",
        ),
        sa.Column(
            "deal_type",
            sa.String(length=64),
            nullable=False,
            comment="transfer, exclusive_licence, sole_licence, ordinary_licence, ...",
        ),
        sa.Column("signed_on", sa.Date(), nullable=True, comment="签订日期"),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=True, comment="合同金额, fen inside"),
        sa.Column("contract_register_number", sa.String(length=255), nullable=True, comment="技术合同登记号"),
        sa.Column(
            "demand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="demand it serves"
        ),
        sa.Column(
            "affiliation_overruled_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="bureau account that overruled a suspected affiliation",
        ),
        sa.Column("affiliation_overruled_reason", sa.Text(), nullable=True, comment="its reason"),
        sa.Column("note", sa.Text(), nullable=True, comment="operator's remark"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="last change of what is known, UTC"),
        sa.Column("contract_key", sa.String(length=255), nullable=True, comment="contract number in normal form"),
        sa.Column("register_key", sa.String(length=255), nullable=True, comment="its registration number likewise"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(
            ["affiliation_overruled_by"], ["accounts.id"], name=op.f("fk_deals_affiliation_overruled_by_accounts")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batches.id"], name=op.f("fk_deals_batch_id_import_batches")),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_deals_demand_id_demands")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deals")),
        sa.UniqueConstraint("identity_key", name=op.f("uq_deals_identity_key")),
        comment="contracts over patents as now known",
    )
    with op.batch_alter_table("deals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deals_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deals_contract_key"), ["contract_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_deals_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_deals_register_key"), ["register_key"], unique=False)

    op.create_table(
        "desk_looks",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="who looked"
        ),
        sa.Column("looked_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_desk_looks_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_looks")),
        sa.UniqueConstraint("account_id", name=op.f("uq_desk_looks_account_id")),
        comment="last look of accounts at what changed; no personal data",
    )
    op.create_table(
        "favourites",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="who follows it"
        ),
        sa.Column(
            "patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the patent"
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="the account's own words; may hold personal data"),
        sa.Column("followed_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("was_ended", sa.Boolean(), nullable=False, comment="the right had ended when it was last looked at"),
        sa.Column("known_offers", sa.Text(), nullable=False, comment="offers that stood then, as numbers; empty: none"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_favourites_account_id_accounts")),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_favourites_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_favourites")),
        comment="patents that accounts follow; seen by the account alone, erased with it",
    )
    with op.batch_alter_table("favourites", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_favourites_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_favourites_patent_id"), ["patent_id"], unique=False)

    op.create_table(
        "header_memories",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("source_key", sa.String(length=255), nullable=False, comment="normalised name of the source"),
        sa.Column("source_name", sa.String(length=255), nullable=False, comment="name of the source as written"),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="patents, enterprises, ..."),
        sa.Column("headers_key", sa.String(length=64), nullable=False, comment="digest of the set of headers"),
        sa.Column("headers", sa.JSON(), nullable=False, comment="headers as written"),
        sa.Column("sheet", sa.String(length=255), nullable=True, comment="sheet chosen; empty: as found"),
        sa.Column("header_line", sa.Integer(), nullable=True, comment="1-based row chosen; empty: as found"),
        sa.Column("mapping", sa.JSON(), nullable=False, comment="header as written -> field, empty to ignore"),
        sa.Column("decided_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="who decided"
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_header_memories_decided_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_header_memories")),
        sa.UniqueConstraint("source_key", "kind", "headers_key", name=op.f("uq_header_memories_source_key")),
        comment="meanings of columns confirmed by a person, by source and headers",
    )
    op.create_table(
        "held_authorisations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("demand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="demand"),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="who ticked it"
        ),
        sa.Column("authorised_on", sa.Date(), nullable=False, comment="day it was ticked"),
        sa.Column("authorised_by", sa.String(length=255), nullable=False, comment="who authorised it, as stated"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_held_authorisations_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_held_authorisations_demand_id_demands")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_authorisations")),
        sa.UniqueConstraint("demand_id", name=op.f("uq_held_authorisations_demand_id")),
        comment="authorisations of demands that wait for the account's confirmation",
    )
    with op.batch_alter_table("held_authorisations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_authorisations_account_id"), ["account_id"], unique=False)

    op.create_table(
        "import_jobs",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("mode", sa.String(length=64), nullable=False, comment="try (nothing is written) or write"),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="patents, enterprises, ..."),
        sa.Column("source_name", sa.String(length=255), nullable=False, comment="who sent the files"),
        sa.Column(
            "files",
            sa.JSON(),
            nullable=False,
            comment="name, sha256, size of each file, with the sheet, header line and column meanings chosen",
        ),
        sa.Column("origin", sa.JSON(), nullable=True, comment="kind, issuer and day named for the files"),
        sa.Column(
            "state", sa.String(length=64), nullable=False, comment="waiting, running, done, refused or cancelled"
        ),
        sa.Column("rows_done", sa.Integer(), nullable=False, comment="rows read when it ended"),
        sa.Column("rows_total", sa.Integer(), nullable=True, comment="rows of the files, where known"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="times it was begun"),
        sa.Column(
            "batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="batch it wrote"
        ),
        sa.Column("outcome", sa.JSON(), nullable=True, comment="sums and first problems, or the refusal"),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="who asked"
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("started_at", sa.DateTime(), nullable=True, comment="last begin, UTC"),
        sa.Column("finished_at", sa.DateTime(), nullable=True, comment="UTC"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_import_jobs_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_import_jobs_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_jobs")),
        comment="imports that the worker runs, and their outcome",
    )
    with op.batch_alter_table("import_jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_jobs_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_jobs_state"), ["state"], unique=False)

    op.create_table(
        "industry_words",
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
        sa.Column("industry", sa.String(length=255), nullable=False, comment="related industry as it stood"),
        sa.Column("reason", sa.Text(), nullable=False, comment="reason as it stood"),
        sa.Column("accepted", sa.Boolean(), nullable=False, comment="accepted; else refused"),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="who"),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="for which organisation",
        ),
        sa.Column("role", sa.String(length=64), nullable=False, comment="role at that moment"),
        sa.Column("note", sa.Text(), nullable=True, comment="why"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_industry_words_account_id_accounts")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_industry_words_offer_id_offers")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_industry_words_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_industry_words")),
        comment="industries of offers accepted, or not, by a second person",
    )
    with op.batch_alter_table("industry_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_industry_words_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_industry_words_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "invitations",
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
            comment="into which",
        ),
        sa.Column("name", sa.String(length=255), nullable=False, comment="personal data: who is invited"),
        sa.Column("department", sa.String(length=255), nullable=True, comment="department (部门) of the colleague"),
        sa.Column("email", sa.String(length=255), nullable=True, comment="personal data"),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the link's token"),
        sa.Column(
            "invited_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="chief account that invited",
        ),
        sa.Column("invited_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("until_at", sa.DateTime(), nullable=False, comment="until when the link holds, UTC"),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account opened by it; empty: not used",
        ),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="taken back, UTC"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_invitations_account_id_accounts")),
        sa.ForeignKeyConstraint(["invited_by"], ["accounts.id"], name=op.f("fk_invitations_invited_by_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_invitations_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
        comment="one-time invitations of colleagues into an organisation",
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "job_orders",
        sa.Column("job", sa.String(length=64), nullable=False, comment="match, plan, send ..."),
        sa.Column("paused_at", sa.DateTime(), nullable=True, comment="waits since then, UTC"),
        sa.Column(
            "paused_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="who let it wait"
        ),
        sa.Column("asked_at", sa.DateTime(), nullable=True, comment="to be run now, asked for then, UTC"),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="who asked"),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"], name=op.f("fk_job_orders_asked_by_accounts")),
        sa.ForeignKeyConstraint(["paused_by"], ["accounts.id"], name=op.f("fk_job_orders_paused_by_accounts")),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_orders")),
        comment="scheduled jobs told to wait or to run now",
    )
    op.create_table(
        "licences",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent"),
        sa.Column(
            "offer_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="declaration accepted",
        ),
        sa.Column(
            "identity_key", sa.String(length=255), nullable=False, comment="patent, licensee, day of notice or reaching"
        ),
        sa.Column(
            "enterprise_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="licensee in the base",
        ),
        sa.Column("licensee_name", sa.String(length=255), nullable=False, comment="被许可人 as written"),
        sa.Column("licensee_uscc", sa.String(length=64), nullable=True, comment="统一社会信用代码"),
        sa.Column("licensor_name", sa.String(length=255), nullable=True, comment="许可人 as written"),
        sa.Column("regime", sa.String(length=64), nullable=True, comment="pilot or cnipa"),
        sa.Column("notified_on", sa.Date(), nullable=True, comment="书面通知 of the licensee"),
        sa.Column("reached_on", sa.Date(), nullable=True, comment="day the licence was reached"),
        sa.Column("paid_on", sa.Date(), nullable=True, comment="付款日"),
        sa.Column("paid_yuan", sa.BigInteger(), nullable=True, comment="fen inside"),
        sa.Column("payment_proof", sa.Text(), nullable=True, comment="voucher number (付款凭证)"),
        sa.Column(
            "payment_evidence_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="file that proves the payment",
        ),
        sa.Column("refunded_on", sa.Date(), nullable=True, comment="退款日: last day on which some of it went back"),
        sa.Column("refunded_yuan", sa.BigInteger(), nullable=True, comment="退款, together, fen inside"),
        sa.Column("terminated_on", sa.Date(), nullable=True, comment="day the licence ended early"),
        sa.Column(
            "affiliation_overruled_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="bureau account that overruled a suspected affiliation",
        ),
        sa.Column("filing_number", sa.String(length=255), nullable=True, comment="备案号"),
        sa.Column("filed_on", sa.Date(), nullable=True, comment="备案日, due within 3 months"),
        sa.Column("updated_at", sa.DateTime(), nullable=False, comment="last change of what is known, UTC"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(
            ["affiliation_overruled_by"], ["accounts.id"], name=op.f("fk_licences_affiliation_overruled_by_accounts")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batches.id"], name=op.f("fk_licences_batch_id_import_batches")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_licences_enterprise_id_enterprises")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_licences_offer_id_offers")),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_licences_patent_id_patents")),
        sa.ForeignKeyConstraint(
            ["payment_evidence_id"], ["evidence_files.id"], name=op.f("fk_licences_payment_evidence_id_evidence_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licences")),
        sa.UniqueConstraint("identity_key", name=op.f("uq_licences_identity_key")),
        comment="open licences reached (达成开放许可) as now known",
    )
    with op.batch_alter_table("licences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licences_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_licences_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_licences_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_licences_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_licences_recorded_at"), ["recorded_at"], unique=False)

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
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the one account that is told; empty: all of the organisation",
        ),
        sa.Column("code", sa.String(length=64), nullable=False, comment="its sentence in matchhub/wording"),
        sa.Column("fields", sa.JSON(), nullable=False, comment="data of the sentence, no contact data"),
        sa.Column(
            "subject_kind", sa.String(length=64), nullable=False, comment="kind: threads, deals, licences, demands ..."
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
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_notices_account_id_accounts")),
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
        "password_links",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="account"
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the link's token"),
        sa.Column("made_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("until_at", sa.DateTime(), nullable=False, comment="until when it holds, UTC"),
        sa.Column("used_at", sa.DateTime(), nullable=True, comment="UTC; empty: not used"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_password_links_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_links_token_hash")),
        comment="one-time links for a new password",
    )
    with op.batch_alter_table("password_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_password_links_account_id"), ["account_id"], unique=False)

    op.create_table(
        "patent_offers",
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
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_patent_offers_decided_by_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_patent_offers_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_patent_offers_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patent_offers")),
        comment="patents on offer by their holders",
    )
    with op.batch_alter_table("patent_offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patent_offers_application_number"), ["application_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_patent_offers_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patent_offers_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patent_offers_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_patent_offers_state"), ["state"], unique=False)

    op.create_table(
        "push_deliveries",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("push_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="push"),
        sa.Column("channel", sa.String(length=64), nullable=False, comment="what carried it: inbox, smtp, file, ..."),
        sa.Column(
            "outcome",
            sa.String(length=64),
            nullable=False,
            comment="delivered, written, deferred, refused or sender_fault",
        ),
        sa.Column("reply", sa.Text(), nullable=False, comment="what the channel answered"),
        sa.Column("sent_text", sa.Text(), nullable=True, comment="subject and text as sent, without the link's token"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_push_deliveries_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["push_id"], ["pushes.id"], name=op.f("fk_push_deliveries_push_id_pushes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_deliveries")),
        comment="attempts at delivery and what the channel answered",
    )
    with op.batch_alter_table("push_deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_deliveries_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_push_deliveries_push_id"), ["push_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_push_deliveries_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "push_draft_pairs",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="draft"),
        sa.Column(
            "place", sa.Integer(), nullable=False, comment="1-based place in the order in which pairs were judged"
        ),
        sa.Column(
            "enterprise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="recipient"
        ),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent"),
        sa.Column(
            "demand_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="demand it answers; empty: profile",
        ),
        sa.Column("score", sa.Float(), nullable=False, comment="0..1 when chosen"),
        sa.Column(
            "floor", sa.Float(), nullable=False, comment="what it had to reach when chosen; 0: none was published"
        ),
        sa.Column("band", sa.String(length=64), nullable=False, comment="likely, possible or same_kind"),
        sa.Column(
            "state",
            sa.String(length=64),
            nullable=False,
            comment="chosen, added, left_out, taken_out, queued or fell_out at confirmation",
        ),
        sa.Column("code", sa.String(length=64), nullable=False, comment="why it was left out or fell out"),
        sa.Column("data", sa.JSON(), nullable=False, comment="data of that reason's sentence"),
        sa.Column(
            "reasons", sa.JSON(), nullable=True, comment="summands of the score; empty for pairs that were left out"
        ),
        sa.Column("warnings", sa.JSON(), nullable=False, comment="codes of warnings told with it"),
        sa.Column("due_on", sa.Date(), nullable=False, comment="day it is to be sent"),
        sa.Column("note", sa.Text(), nullable=True, comment="why a person took it out or added it"),
        sa.Column("decided_at", sa.DateTime(), nullable=True, comment="when a person did so, UTC"),
        sa.Column(
            "decided_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that did so",
        ),
        sa.Column(
            "push_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="the push it became"
        ),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_push_draft_pairs_demand_id_demands")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["push_drafts.id"], name=op.f("fk_push_draft_pairs_draft_id_push_drafts")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_push_draft_pairs_enterprise_id_enterprises")
        ),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_push_draft_pairs_patent_id_patents")),
        sa.ForeignKeyConstraint(["push_id"], ["pushes.id"], name=op.f("fk_push_draft_pairs_push_id_pushes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_draft_pairs")),
        comment="pairs of drafts of pushes, chosen or left out with the reason",
    )
    with op.batch_alter_table("push_draft_pairs", schema=None) as batch_op:
        batch_op.create_index("ix_push_draft_pairs_draft_id_state", ["draft_id", "state", "place"], unique=False)
        batch_op.create_index(batch_op.f("ix_push_draft_pairs_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "push_items",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("push_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="push"),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent"),
        sa.Column("position", sa.Integer(), nullable=False, comment="1-based place in the message"),
        sa.Column("score", sa.Float(), nullable=False, comment="0..1 when chosen"),
        sa.Column("floor", sa.Float(), nullable=False, comment="published floor of that model when chosen"),
        sa.Column("reasons", sa.JSON(), nullable=False, comment="summands of the score as sent"),
        sa.Column("warnings", sa.JSON(), nullable=False, comment="codes of warnings shown with it"),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_push_items_patent_id_patents")),
        sa.ForeignKeyConstraint(["push_id"], ["pushes.id"], name=op.f("fk_push_items_push_id_pushes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_items")),
        sa.UniqueConstraint("push_id", "patent_id", name=op.f("uq_push_items_push_id")),
        comment="patents of pushes, as sent",
    )
    with op.batch_alter_table("push_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_items_patent_id"), ["patent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_push_items_push_id"), ["push_id"], unique=False)

    op.create_table(
        "push_sendings",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("push_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="push"),
        sa.Column("channel", sa.String(length=64), nullable=False, comment="mail, ...: the channel's key"),
        sa.Column(
            "state", sa.String(length=64), nullable=False, comment="waiting, sending, delivered, written, failed"
        ),
        sa.Column("fence", sa.Integer(), nullable=False, comment="grows with every claim; an older one is void"),
        sa.Column("claimed_until_at", sa.DateTime(), nullable=True, comment="a sender has it until then, UTC"),
        sa.Column("not_before_at", sa.DateTime(), nullable=True, comment="tried again from then, UTC"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="attempts put down to this letter"),
        sa.Column("faults", sa.Integer(), nullable=False, comment="attempts that the server blamed on the sender"),
        sa.Column(
            "letter",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="first push of the letter that carries it",
        ),
        sa.Column("reason", sa.String(length=64), nullable=True, comment="why it was given up: code of the words"),
        sa.ForeignKeyConstraint(["push_id"], ["pushes.id"], name=op.f("fk_push_sendings_push_id_pushes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_sendings")),
        sa.UniqueConstraint("push_id", "channel", name=op.f("uq_push_sendings_push_id")),
        comment="outbox of pushes, one row per channel",
    )
    with op.batch_alter_table("push_sendings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_sendings_push_id"), ["push_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_push_sendings_state"), ["state"], unique=False)

    op.create_table(
        "readings",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="who read it"
        ),
        sa.Column("subject_kind", sa.String(length=64), nullable=False, comment="notices or threads"),
        sa.Column(
            "subject_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="id within that kind",
        ),
        sa.Column("read_at", sa.DateTime(), nullable=False, comment="last read, UTC"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_readings_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("account_id", "subject_kind", "subject_id", name=op.f("uq_readings_account_id")),
        comment="what each account has read: notices, threads",
    )
    op.create_table(
        "registrations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="account"
        ),
        sa.Column(
            "enterprise_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="firm it says it is; empty: no enterprise",
        ),
        sa.Column("uscc", sa.String(length=64), nullable=True, comment="统一社会信用代码 as stated, checked"),
        sa.Column("name", sa.String(length=255), nullable=False, comment="name of the organisation as stated"),
        sa.Column("by_itself", sa.Boolean(), nullable=False, comment="it registered itself; else it was added by hand"),
        sa.Column("waits", sa.Boolean(), nullable=False, comment="nothing is stored for it before the confirmation"),
        sa.Column("contact_name", sa.String(length=255), nullable=False, comment="personal data"),
        sa.Column("contact_phone", sa.String(length=255), nullable=True, comment="personal data"),
        sa.Column("contact_email", sa.String(length=255), nullable=True, comment="personal data"),
        sa.Column("registered_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("decision", sa.String(length=64), nullable=True, comment="confirmed or rejected; empty: waits"),
        sa.Column("note", sa.Text(), nullable=True, comment="how it was checked, or why it was rejected"),
        sa.Column(
            "evidence_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="document that was seen",
        ),
        sa.Column(
            "decided_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="operator's account",
        ),
        sa.Column("decided_at", sa.DateTime(), nullable=True, comment="UTC"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_registrations_account_id_accounts")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_registrations_decided_by_accounts")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_registrations_enterprise_id_enterprises")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence_files.id"], name=op.f("fk_registrations_evidence_id_evidence_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("account_id", name=op.f("uq_registrations_account_id")),
        comment="accounts of firms and institutions, and the operator's word on each",
    )
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registrations_decision"), ["decision"], unique=False)
        batch_op.create_index(batch_op.f("ix_registrations_enterprise_id"), ["enterprise_id"], unique=False)

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
        "review_items",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="kind of record"),
        sa.Column("code", sa.String(length=64), nullable=False, comment="why it waits"),
        sa.Column("unique_key", sa.String(length=255), nullable=False, comment="digest: never asked twice"),
        sa.Column("record", sa.JSON(), nullable=False, comment="what the row said"),
        sa.Column(
            "candidate_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="existing record it may be",
        ),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="batch"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "decision", sa.String(length=64), nullable=True, comment="accepted, refused, same, different; empty: open"
        ),
        sa.Column("decided_at", sa.DateTime(), nullable=True, comment="UTC"),
        sa.Column(
            "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="who decided"
        ),
        sa.Column("decision_note", sa.Text(), nullable=True, comment="why it was decided so"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_review_items_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_review_items_decided_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_items")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_review_items_unique_key")),
        comment="rows and pairs waiting for a person",
    )
    with op.batch_alter_table("review_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_items_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_items_kind"), ["kind"], unique=False)

    op.create_table(
        "saved_searches",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="whose search it is",
        ),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="kind of record: patents, offers, demands ..."),
        sa.Column("query", sa.Text(), nullable=False, comment="words typed; empty: filters alone"),
        sa.Column("filters", sa.JSON(), nullable=False, comment="filters by name, as the address of the list has them"),
        sa.Column("known_ids", sa.JSON(), nullable=False, comment="records that it found at the last look"),
        sa.Column("fresh_ids", sa.JSON(), nullable=False, comment="found since and not seen by the account yet"),
        sa.Column("untold", sa.Integer(), nullable=False, comment="how many of these no letter has told yet"),
        sa.Column(
            "told_on", sa.Date(), nullable=True, comment="day of the last letter; one a day and account at the most"
        ),
        sa.Column("made_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("seen_at", sa.DateTime(), nullable=False, comment="what is fresh came since then, UTC"),
        sa.Column("looked_at", sa.DateTime(), nullable=False, comment="last look, UTC"),
        sa.Column("removed_at", sa.DateTime(), nullable=True, comment="UTC; empty: in use"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_saved_searches_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
        comment="searches that accounts keep",
    )
    with op.batch_alter_table("saved_searches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_searches_account_id"), ["account_id"], unique=False)

    op.create_table(
        "second_factors",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="account"
        ),
        sa.Column(
            "salt",
            sa.String(length=64),
            nullable=False,
            comment="random; without the installation's key it tells no code",
        ),
        sa.Column("started_at", sa.DateTime(), nullable=False, comment="when its secret was first shown, UTC"),
        sa.Column(
            "switched_on_at", sa.DateTime(), nullable=True, comment="first code was right, UTC; empty: not in use yet"
        ),
        sa.Column(
            "last_step",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="30-second step of the code used last; it and older ones are worth nothing",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_second_factors_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("account_id", name=op.f("uq_second_factors_account_id")),
        comment="one-time codes of accounts",
    )
    op.create_table(
        "similar_pairs",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="enterprises, agencies or experts"),
        sa.Column(
            "left_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the earlier record",
        ),
        sa.Column(
            "right_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="the later record"
        ),
        sa.Column("ratio", sa.Float(), nullable=False, comment="likeness of the core names, 0..100"),
        sa.Column("reasons", sa.JSON(), nullable=False, comment="codes: what else speaks for one record"),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="batch"),
        sa.Column("found_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("decision", sa.String(length=64), nullable=True, comment="same, different, later; empty: open"),
        sa.Column("decided_at", sa.DateTime(), nullable=True, comment="UTC"),
        sa.Column(
            "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="who decided"
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="why it was decided so"),
        sa.Column("demo", sa.Boolean(), nullable=False, comment="row of the invented demo city"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_similar_pairs_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_similar_pairs_decided_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_similar_pairs")),
        sa.UniqueConstraint("kind", "left_id", "right_id", name=op.f("uq_similar_pairs_kind")),
        comment="records with similar names and what a person decided; asked once",
    )
    with op.batch_alter_table("similar_pairs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_similar_pairs_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_similar_pairs_decision"), ["decision"], unique=False)
        batch_op.create_index(batch_op.f("ix_similar_pairs_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_similar_pairs_right_id"), ["right_id"], unique=False)

    op.create_table(
        "source_words",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("source_key", sa.String(length=255), nullable=False, comment="normalised name of the source"),
        sa.Column("source_name", sa.String(length=255), nullable=False, comment="name of the source as written"),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="patents, enterprises or agencies"),
        sa.Column("word", sa.String(length=255), nullable=False, comment="the word as the source writes it"),
        sa.Column(
            "meaning",
            sa.String(length=64),
            nullable=False,
            comment="in_force, pending, dead, unknown; for parties active, ended",
        ),
        sa.Column("decided_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="who decided"
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_source_words_decided_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_words")),
        sa.UniqueConstraint("source_key", "kind", "word", name=op.f("uq_source_words_source_key")),
        comment="meanings of words confirmed by a person, by source and kind",
    )
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
        "webhooks",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="who entered it"
        ),
        sa.Column(
            "organisation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="whose events go there",
        ),
        sa.Column("sealed", sa.Text(), nullable=False, comment="address and secret, sealed; empty when withdrawn"),
        sa.Column("address_key", sa.String(length=64), nullable=False, comment="keyed digest of the address"),
        sa.Column("shown", sa.String(length=255), nullable=False, comment="scheme and host, as may be shown"),
        sa.Column("made_at", sa.DateTime(), nullable=False, comment="UTC; what was told before does not go there"),
        sa.Column("failures", sa.Integer(), nullable=False, comment="posts in a row that were not accepted"),
        sa.Column("rests_until_at", sa.DateTime(), nullable=True, comment="no post before, UTC"),
        sa.Column("off_at", sa.DateTime(), nullable=True, comment="switched off after lasting failure, UTC"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="UTC; empty: in use"),
        sa.Column(
            "withdrawn_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that withdrew it",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_webhooks_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_webhooks_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["accounts.id"], name=op.f("fk_webhooks_withdrawn_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        comment="web addresses of programs that are told of events",
    )
    with op.batch_alter_table("webhooks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhooks_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_webhooks_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "work_items",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "threshold",
            sa.String(length=64),
            nullable=False,
            comment="number of the rule pack in whose ledger it was found",
        ),
        sa.Column("act", sa.String(length=64), nullable=False, comment="what is to be done (domain.counting.acts)"),
        sa.Column("subject_kind", sa.String(length=64), nullable=False, comment="kind of the record"),
        sa.Column(
            "subject_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="id within that kind",
        ),
        sa.Column(
            "assignee_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="who is to do it",
        ),
        sa.Column("due_on", sa.Date(), nullable=False, comment="day by which it is wanted"),
        sa.Column("note", sa.Text(), nullable=True, comment="what the assignee should know; no contact data"),
        sa.Column(
            "reminded", sa.String(length=64), nullable=True, comment="last reminder: soon or over; empty: none yet"
        ),
        sa.Column("settled_at", sa.DateTime(), nullable=True, comment="when it ended, UTC"),
        sa.Column(
            "outcome",
            sa.String(length=64),
            nullable=True,
            comment="done, gone (nothing to mend any more) or taken_back",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it was taken back"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that wrote it; empty: the system",
        ),
        sa.ForeignKeyConstraint(["assignee_id"], ["accounts.id"], name=op.f("fk_work_items_assignee_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_items")),
        comment="work assigned to accounts of the operator; no personal data",
    )
    with op.batch_alter_table("work_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_items_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_items_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_items_settled_at"), ["settled_at"], unique=False)

    op.create_table(
        "channel_letter_items",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("letter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="letter"),
        sa.Column(
            "address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="address"
        ),
        sa.Column("subject_kind", sa.String(length=64), nullable=False, comment="pushes or notices"),
        sa.Column(
            "subject_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="id within that kind",
        ),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["recipient_addresses.id"],
            name=op.f("fk_channel_letter_items_address_id_recipient_addresses"),
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["channel_letters.id"], name=op.f("fk_channel_letter_items_letter_id_channel_letters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_letter_items")),
        sa.UniqueConstraint(
            "address_id", "subject_kind", "subject_id", name=op.f("uq_channel_letter_items_address_id")
        ),
        comment="pushes and notices that letters tell of, each once per address",
    )
    with op.batch_alter_table("channel_letter_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_letter_items_letter_id"), ["letter_id"], unique=False)

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
        "deal_events",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="deal"),
        sa.Column(
            "event",
            sa.String(length=64),
            nullable=False,
            comment="signed, TR01, EE01, contract_registered, implemented, cancelled",
        ),
        sa.Column("occurred_on", sa.Date(), nullable=False, comment="day it happened"),
        sa.Column("number", sa.String(length=255), nullable=True, comment="official number of that event"),
        sa.Column("number_key", sa.String(length=255), nullable=True, comment="that number in normal form"),
        sa.Column(
            "evidence_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="file that proves it",
        ),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_deal_events_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_events_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence_files.id"], name=op.f("fk_deal_events_evidence_id_evidence_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_events")),
        comment="signed, registered, filed, cancelled ... with number and evidence",
    )
    with op.batch_alter_table("deal_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_events_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deal_events_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deal_events_number_key"), ["number_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_deal_events_recorded_at"), ["recorded_at"], unique=False)

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

    op.create_table(
        "deal_parties",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="deal"),
        sa.Column(
            "role", sa.String(length=64), nullable=False, comment="seller (让与方/许可方) or buyer (受让方/被许可方)"
        ),
        sa.Column("name", sa.String(length=255), nullable=False, comment="name as in the contract"),
        sa.Column("name_key", sa.String(length=255), nullable=False, comment="normalised name"),
        sa.Column("uscc", sa.String(length=64), nullable=True, comment="统一社会信用代码"),
        sa.Column(
            "enterprise_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="enterprise of the base",
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_parties_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_deal_parties_enterprise_id_enterprises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_parties")),
        sa.UniqueConstraint("deal_id", "role", "name_key", name=op.f("uq_deal_parties_deal_id")),
        comment="sellers and buyers of deals",
    )
    with op.batch_alter_table("deal_parties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_parties_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deal_parties_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "deal_patents",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="deal"),
        sa.Column("patent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="patent"),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_patents_deal_id_deals")),
        sa.ForeignKeyConstraint(["patent_id"], ["patents.id"], name=op.f("fk_deal_patents_patent_id_patents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_patents")),
        sa.UniqueConstraint("deal_id", "patent_id", name=op.f("uq_deal_patents_deal_id")),
        comment="patents of deals",
    )
    with op.batch_alter_table("deal_patents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_patents_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deal_patents_patent_id"), ["patent_id"], unique=False)

    op.create_table(
        "deal_payments",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="deal"),
        sa.Column("paid_on", sa.Date(), nullable=False, comment="到账日期"),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=False, comment="fen inside; below zero: a refund"),
        sa.Column("proof", sa.Text(), nullable=True, comment="voucher number (付款凭证)"),
        sa.Column(
            "evidence_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="file that proves it",
        ),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="moment of withdrawal, UTC; set once"),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True, comment="why it was withdrawn"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_deal_payments_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_payments_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence_files.id"], name=op.f("fk_deal_payments_evidence_id_evidence_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_payments")),
        comment="payments of deals with their proof",
    )
    with op.batch_alter_table("deal_payments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_payments_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deal_payments_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deal_payments_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "merges",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="enterprises, agencies or experts"),
        sa.Column(
            "kept_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="record that stays"
        ),
        sa.Column(
            "merged_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="record that is kept as merged",
        ),
        sa.Column(
            "pair_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="pair decided"
        ),
        sa.Column("filled", sa.JSON(), nullable=False, comment="gaps of the kept record filled from the merged one"),
        sa.Column("released", sa.JSON(), nullable=False, comment="unique values the merged record gave up"),
        sa.Column("merged_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "merged_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="who merged"
        ),
        sa.Column("undone_at", sa.DateTime(), nullable=True, comment="taken back, UTC"),
        sa.Column(
            "undone_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="who took it back"
        ),
        sa.ForeignKeyConstraint(["merged_by"], ["accounts.id"], name=op.f("fk_merges_merged_by_accounts")),
        sa.ForeignKeyConstraint(["pair_id"], ["similar_pairs.id"], name=op.f("fk_merges_pair_id_similar_pairs")),
        sa.ForeignKeyConstraint(["undone_by"], ["accounts.id"], name=op.f("fk_merges_undone_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
        comment="records merged by a person, and merges taken back",
    )
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.create_index("ix_merges_kept", ["kind", "kept_id"], unique=False)
        batch_op.create_index("ix_merges_merged", ["kind", "merged_id"], unique=False)

    op.create_table(
        "push_answers",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "item_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="patent of the push",
        ),
        sa.Column(
            "code", sa.String(length=64), nullable=False, comment="fits, contact, not_my_field, too_expensive, ..."
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="the recipient's own words"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False, comment="moment it became known here, UTC"),
        sa.Column(
            "recorded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="account that recorded it; empty: the system",
        ),
        sa.Column(
            "batch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="import batch it came with",
        ),
        sa.Column("source_line", sa.Integer(), nullable=True, comment="1-based line in the batch's file"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_push_answers_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["push_items.id"], name=op.f("fk_push_answers_item_id_push_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_answers")),
        comment="coded answers of enterprises, append-only",
    )
    with op.batch_alter_table("push_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_answers_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_push_answers_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_push_answers_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "webhook_events",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column(
            "webhook_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="where it goes"
        ),
        sa.Column("event_id", sa.String(length=64), nullable=False, comment="id by which the receiver takes it once"),
        sa.Column("subject_kind", sa.String(length=64), nullable=False, comment="notices or pushes"),
        sa.Column(
            "subject_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="id within that kind",
        ),
        sa.Column("made_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("state", sa.String(length=64), nullable=False, comment="waiting, delivered, written or dropped"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="posts so far"),
        sa.Column("tried_at", sa.DateTime(), nullable=True, comment="last post, UTC"),
        sa.Column("reply", sa.Text(), nullable=True, comment="what was answered last, in short"),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_events_webhook_id_webhooks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_webhook_events_event_id")),
        sa.UniqueConstraint("webhook_id", "subject_kind", "subject_id", name=op.f("uq_webhook_events_webhook_id")),
        comment="events for webhooks and what became of them",
    )
    with op.batch_alter_table("webhook_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhook_events_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_webhook_events_webhook_id"), ["webhook_id"], unique=False)

    op.create_table(
        "merge_moves",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="key",
        ),
        sa.Column("merge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="merge"),
        sa.Column("table_name", sa.String(length=64), nullable=False, comment="table of the row that refers"),
        sa.Column("column_name", sa.String(length=64), nullable=False, comment="column that refers"),
        sa.Column(
            "row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="row that refers"
        ),
        sa.Column(
            "from_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="record it referred to",
        ),
        sa.Column(
            "to_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="record it refers to since",
        ),
        sa.Column("moved_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.ForeignKeyConstraint(["merge_id"], ["merges.id"], name=op.f("fk_merge_moves_merge_id_merges")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_moves")),
        comment="references moved by merges, so that the past stays as it was",
    )
    with op.batch_alter_table("merge_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merge_moves_merge_id"), ["merge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_moves_moved_at"), ["moved_at"], unique=False)
        batch_op.create_index("ix_merge_moves_row", ["table_name", "row_id", "id"], unique=False)

    _refuse_changes_of_the_log()


def _refuse_changes_of_the_log() -> None:
    """The event log and its digests can be added to, never changed (PROMISES.md P12, P26)."""
    if op.get_bind().dialect.name == "sqlite":
        for table in ("event_log", "bound_rows"):
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION event_log_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in ("event_log", "bound_rows"):
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION event_log_refuse()"
        )


def downgrade() -> None:
    raise NotImplementedError("a base with records is never taken back to nothing; restore a backup instead")

"""Own thesaurus entries, words chosen for demands, measured calibrations.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
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


def downgrade() -> None:
    raise NotImplementedError("what people wrote is never dropped; restore a backup instead")

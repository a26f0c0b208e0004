"""Words learned for everybody from accepted matches.

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
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


def downgrade() -> None:
    raise NotImplementedError("what people taught is never dropped; restore a backup instead")

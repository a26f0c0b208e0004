"""The day of which a source's values are.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "revisions",
        sa.Column("as_of_on", sa.Date(), nullable=True, comment="day of which the source speaks, where it tells one"),
    )
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


def downgrade() -> None:
    op.drop_table("confirmed_values")
    op.drop_column("revisions", "as_of_on")

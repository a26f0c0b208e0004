"""One-time codes, registrations that wait for the operator, authorisations held with them.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
            nullable=False,
            comment="firm it says it is",
        ),
        sa.Column("uscc", sa.String(length=64), nullable=False, comment="统一社会信用代码 as stated, checked"),
        sa.Column("name", sa.String(length=255), nullable=False, comment="企业名称 as stated"),
        sa.Column(
            "waits",
            sa.Boolean(),
            nullable=False,
            comment="the base held something private of the firm: nothing of it is seen before the confirmation",
        ),
        sa.Column("contact_name", sa.String(length=255), nullable=False, comment="personal data"),
        sa.Column("contact_phone", sa.String(length=255), nullable=True, comment="personal data"),
        sa.Column("contact_email", sa.String(length=255), nullable=True, comment="personal data"),
        sa.Column("registered_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("decision", sa.String(length=64), nullable=True, comment="confirmed or rejected; empty: waits"),
        sa.Column("note", sa.Text(), nullable=True, comment="how it was checked, or why it was rejected"),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("account_id", name=op.f("uq_registrations_account_id")),
        comment="enterprise accounts that registered themselves",
    )
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registrations_decision"), ["decision"], unique=False)
        batch_op.create_index(batch_op.f("ix_registrations_enterprise_id"), ["enterprise_id"], unique=False)

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


def downgrade() -> None:
    raise NotImplementedError("what people wrote is never dropped; restore a backup instead")

"""Inspection plans and inspections.

A database that was there before begins without plans: nothing is suddenly overdue because of an
upgrade.  A new one begins with the house's.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_GENERAL = sa.text("outlet_kind IS NULL")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "inspection_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("outlet_kind", sa.String(length=32), nullable=True),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("items", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("every > 0", name=op.f("ck_inspection_plan_every")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_plan")),
    )
    op.create_index(
        "uq_inspection_plan_kind", "inspection_plan", ["category", "outlet_kind"], unique=True
    )
    op.create_index(
        "uq_inspection_plan_general",
        "inspection_plan",
        ["category"],
        unique=True,
        sqlite_where=_GENERAL,
        postgresql_where=_GENERAL,
    )
    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("plan", sa.String(length=100), nullable=True),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("failed_items", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("fault_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_inspection_device_id_device"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["fault_id"], ["fault.id"], name=op.f("fk_inspection_fault_id_fault")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    op.create_index("ix_inspection_device_id_on_date", "inspection", ["device_id", "on_date"])
    op.create_index(op.f("ix_inspection_fault_id"), "inspection", ["fault_id"])


def downgrade() -> None:
    """Drop both; what was inspected is known no more."""
    op.drop_table("inspection")
    op.drop_table("inspection_plan")

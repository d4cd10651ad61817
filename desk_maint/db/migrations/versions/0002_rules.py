"""Rules that the tables left to the services, and all of the uptime reading in its index.

NULL is never equal to NULL, so the unique keys of the first version let through two general
special days of one date and two limits for all categories.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_COUNTED = sa.text("cancelled_at IS NULL")
_GENERAL = sa.text("calendar_id IS NULL")
_FOR_ALL = sa.text("category IS NULL")
_RUNNING = sa.text("to_at IS NULL")


def upgrade() -> None:
    """Keep the newest of what there is twice, then refuse a second."""
    op.execute(
        "DELETE FROM special_day WHERE calendar_id IS NULL AND id NOT IN "
        "(SELECT max(id) FROM special_day WHERE calendar_id IS NULL GROUP BY day)"
    )
    op.execute(
        "DELETE FROM repair_limit WHERE category IS NULL AND id NOT IN "
        "(SELECT max(id) FROM repair_limit WHERE category IS NULL GROUP BY grade, zone)"
    )
    # A hold that a later one follows ended when that began.
    op.execute(
        "UPDATE hold SET to_at = (SELECT min(later.from_at) FROM hold AS later "
        "WHERE later.fault_id = hold.fault_id AND later.id > hold.id "
        "AND later.from_at >= hold.from_at) WHERE to_at IS NULL"
    )
    op.execute(
        "DELETE FROM hold WHERE to_at IS NULL AND id NOT IN "
        "(SELECT max(id) FROM hold WHERE to_at IS NULL GROUP BY fault_id)"
    )
    # Retired before it was commissioned: never in service, which this says as well.
    op.execute("UPDATE device SET retired_on = commissioned_on WHERE retired_on < commissioned_on")
    op.create_index(
        "uq_special_day_general",
        "special_day",
        ["day"],
        unique=True,
        sqlite_where=_GENERAL,
        postgresql_where=_GENERAL,
    )
    op.create_index(
        "uq_repair_limit_for_all",
        "repair_limit",
        ["grade", "zone"],
        unique=True,
        sqlite_where=_FOR_ALL,
        postgresql_where=_FOR_ALL,
    )
    op.create_index(
        "uq_hold_running",
        "hold",
        ["fault_id"],
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )
    with op.batch_alter_table("device") as device:
        device.create_check_constraint(
            op.f("ck_device_retired"), "retired_on IS NULL OR retired_on >= commissioned_on"
        )
    _index_uptime("cancelled_at")


def downgrade() -> None:
    """Leave it to the services again."""
    _index_uptime()
    with op.batch_alter_table("device") as device:
        device.drop_constraint(op.f("ck_device_retired"), type_="check")
    op.drop_index("uq_hold_running", table_name="hold")
    op.drop_index("uq_repair_limit_for_all", table_name="repair_limit")
    op.drop_index("uq_special_day_general", table_name="special_day")


def _index_uptime(*more: str) -> None:
    op.drop_index("ix_fault_uptime", table_name="fault")
    columns = ("occurred_at", "restored_at", "impact", "exempt_state", "repair_due_at")
    op.create_index(
        "ix_fault_uptime",
        "fault",
        ["device_id", *columns, "spare_from", *more],
        sqlite_where=_COUNTED,
        postgresql_where=_COUNTED,
    )

"""All tables of the first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    op.create_table(
        "calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        sa.UniqueConstraint("name", name=op.f("uq_calendar_name")),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_actor"), "change", ["actor"], unique=False)
    op.create_index(op.f("ix_change_at"), "change", ["at"], unique=False)
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_by", sa.String(length=100), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("job", "due_at", name=op.f("pk_job_run")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "repair_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=32), nullable=False),
        sa.Column("clock", sa.String(length=100), nullable=False),
        sa.Column("accept", sa.String(length=16), nullable=True),
        sa.Column("on_site", sa.String(length=16), nullable=True),
        sa.Column("repair", sa.String(length=16), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("grade BETWEEN 1 AND 4", name=op.f("ck_repair_limit_grade")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_limit")),
        sa.UniqueConstraint(
            "category", "grade", "zone", name=op.f("uq_repair_limit_category_grade_zone")
        ),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "symptom",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("impact", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_symptom")),
        sa.UniqueConstraint("category", "text", name=op.f("uq_symptom_category_text")),
    )
    op.create_index(op.f("ix_symptom_category"), "symptom", ["category"], unique=False)
    op.create_table(
        "calendar_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("mon", sa.String(length=200), nullable=False),
        sa.Column("tue", sa.String(length=200), nullable=False),
        sa.Column("wed", sa.String(length=200), nullable=False),
        sa.Column("thu", sa.String(length=200), nullable=False),
        sa.Column("fri", sa.String(length=200), nullable=False),
        sa.Column("sat", sa.String(length=200), nullable=False),
        sa.Column("sun", sa.String(length=200), nullable=False),
        sa.Column("rest_day", sa.String(length=200), nullable=False),
        sa.Column("makeup_workday", sa.String(length=200), nullable=True),
        sa.Column("holidays", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["calendar.id"],
            name=op.f("fk_calendar_version_calendar_id_calendar"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_version")),
        sa.UniqueConstraint(
            "calendar_id", "valid_from", name=op.f("uq_calendar_version_calendar_id_valid_from")
        ),
    )
    op.create_table(
        "changed_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change.id"], name=op.f("fk_changed_field_change_id_change")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_field")),
    )
    op.create_index(
        op.f("ix_changed_field_change_id"), "changed_field", ["change_id"], unique=False
    )
    op.create_index(
        "ix_changed_field_kind_record_id", "changed_field", ["kind", "record_id"], unique=False
    )
    op.create_table(
        "outlet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("zone", sa.String(length=32), nullable=False),
        sa.Column("networked", sa.Boolean(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=True),
        sa.Column("manager", sa.String(length=100), nullable=True),
        sa.Column("phone", sa.String(length=50), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name=op.f("fk_outlet_calendar_id_calendar")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["outlet.id"], name=op.f("fk_outlet_parent_id_outlet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet")),
        sa.UniqueConstraint("code", name=op.f("uq_outlet_code")),
    )
    op.create_index(op.f("ix_outlet_calendar_id"), "outlet", ["calendar_id"], unique=False)
    op.create_index(op.f("ix_outlet_parent_id"), "outlet", ["parent_id"], unique=False)
    op.create_table(
        "special_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=True),
        sa.Column("hours", sa.String(length=200), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('rest', 'work')", name=op.f("ck_special_day_kind")),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["calendar.id"],
            name=op.f("fk_special_day_calendar_id_calendar"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_day")),
        sa.UniqueConstraint("day", "calendar_id", name=op.f("uq_special_day_day_calendar_id")),
    )
    op.create_index(op.f("ix_special_day_day"), "special_day", ["day"], unique=False)
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=100), nullable=True),
        sa.Column("calendar_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("commissioned_on", sa.Date(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("manufacturer", sa.String(length=100), nullable=True),
        sa.Column("model", sa.String(length=100), nullable=True),
        sa.Column("serial_number", sa.String(length=100), nullable=True),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("custodian", sa.String(length=100), nullable=True),
        sa.Column("owner", sa.String(length=100), nullable=True),
        sa.Column("extinguisher_type", sa.String(length=32), nullable=True),
        sa.Column("manufactured_on", sa.Date(), nullable=True),
        sa.Column("last_serviced_on", sa.Date(), nullable=True),
        sa.Column("retention_days_required", sa.Integer(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name=op.f("fk_device_calendar_id_calendar")
        ),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlet.id"], name=op.f("fk_device_outlet_id_outlet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("tag", name=op.f("uq_device_tag")),
    )
    op.create_index(op.f("ix_device_calendar_id"), "device", ["calendar_id"], unique=False)
    op.create_index(op.f("ix_device_category"), "device", ["category"], unique=False)
    op.create_index(op.f("ix_device_outlet_id"), "device", ["outlet_id"], unique=False)
    op.create_table(
        "person_outlet",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outlet_id"],
            ["outlet.id"],
            name=op.f("fk_person_outlet_outlet_id_outlet"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_person_outlet_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "outlet_id", name=op.f("pk_person_outlet")),
    )
    op.create_table(
        "device_state_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_device_state_change_device_id_device"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_state_change")),
        sa.UniqueConstraint(
            "device_id", "from_on", name=op.f("uq_device_state_change_device_id_from_on")
        ),
    )
    op.create_table(
        "fault",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("occurred_estimated", sa.Boolean(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
        sa.Column("reported_by", sa.String(length=100), nullable=True),
        sa.Column("impact", sa.String(length=32), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("grade_reason", sa.Text(), nullable=True),
        sa.Column("symptom", sa.String(length=200), nullable=True),
        sa.Column("cause", sa.String(length=200), nullable=True),
        sa.Column("responsibility", sa.String(length=32), nullable=True),
        sa.Column("exempt_state", sa.String(length=32), nullable=True),
        sa.Column("exempt_reason", sa.Text(), nullable=True),
        sa.Column("exempt_proposed_by", sa.String(length=100), nullable=True),
        sa.Column("exempt_by", sa.String(length=100), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("on_site_at", sa.BigInteger(), nullable=True),
        sa.Column("restored_at", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("technician", sa.String(length=100), nullable=True),
        sa.Column("action_taken", sa.Text(), nullable=True),
        sa.Column("parts_used", sa.Text(), nullable=True),
        sa.Column("spare_from", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("accept_due_at", sa.BigInteger(), nullable=True),
        sa.Column("on_site_due_at", sa.BigInteger(), nullable=True),
        sa.Column("repair_due_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("grade BETWEEN 1 AND 4", name=op.f("ck_fault_grade")),
        sa.CheckConstraint("reported_at >= occurred_at", name=op.f("ck_fault_reported")),
        sa.CheckConstraint(
            "restored_at IS NULL OR restored_at >= occurred_at", name=op.f("ck_fault_restored")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_fault_device_id_device")
        ),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlet.id"], name=op.f("fk_fault_outlet_id_outlet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault")),
        sa.UniqueConstraint("number", name=op.f("uq_fault_number")),
    )
    op.create_index(
        "ix_fault_device_id_reported_at", "fault", ["device_id", "reported_at"], unique=False
    )
    op.create_index(
        "ix_fault_exemption_proposed",
        "fault",
        ["reported_at"],
        unique=False,
        sqlite_where=sa.text("exempt_state = 'proposed'"),
        postgresql_where=sa.text("exempt_state = 'proposed'"),
    )
    op.create_index("ix_fault_outlet_id_state", "fault", ["outlet_id", "state"], unique=False)
    op.create_index("ix_fault_repair_due_at", "fault", ["repair_due_at"], unique=False)
    op.create_index("ix_fault_reported_at", "fault", ["reported_at"], unique=False)
    op.create_index(
        "ix_fault_state_repair_due_at", "fault", ["state", "repair_due_at"], unique=False
    )
    op.create_index(op.f("ix_fault_technician"), "fault", ["technician"], unique=False)
    op.create_index(
        "ix_fault_uptime",
        "fault",
        [
            "device_id",
            "occurred_at",
            "restored_at",
            "impact",
            "exempt_state",
            "repair_due_at",
            "spare_from",
        ],
        unique=False,
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_placement_device_id_device"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlet.id"], name=op.f("fk_placement_outlet_id_outlet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("device_id", "from_on", name=op.f("uq_placement_device_id_from_on")),
    )
    op.create_index(op.f("ix_placement_outlet_id"), "placement", ["outlet_id"], unique=False)
    op.create_table(
        "stoppage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("outlet_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("to_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(length=100), nullable=True),
        sa.Column("approved_by", sa.String(length=100), nullable=True),
        sa.Column("refused_by", sa.String(length=100), nullable=True),
        sa.Column("refuse_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(scope = 'device') = (device_id IS NOT NULL)"
            " AND (scope = 'outlet') = (outlet_id IS NOT NULL)"
            " AND (scope = 'category') = (category IS NOT NULL)",
            name=op.f("ck_stoppage_key"),
        ),
        sa.CheckConstraint("to_at > from_at", name=op.f("ck_stoppage_order")),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_stoppage_device_id_device")
        ),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlet.id"], name=op.f("fk_stoppage_outlet_id_outlet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stoppage")),
    )
    op.create_index(op.f("ix_stoppage_device_id"), "stoppage", ["device_id"], unique=False)
    op.create_index(op.f("ix_stoppage_outlet_id"), "stoppage", ["outlet_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fault_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fault_id"],
            ["fault.id"],
            name=op.f("fk_attachment_fault_id_fault"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_fault_id"), "attachment", ["fault_id"], unique=False)
    op.create_table(
        "fault_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fault_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fault_id"],
            ["fault.id"],
            name=op.f("fk_fault_note_fault_id_fault"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault_note")),
    )
    op.create_index(op.f("ix_fault_note_fault_id"), "fault_note", ["fault_id"], unique=False)
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fault_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("to_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.CheckConstraint("to_at IS NULL OR to_at >= from_at", name=op.f("ck_hold_order")),
        sa.ForeignKeyConstraint(
            ["fault_id"], ["fault.id"], name=op.f("fk_hold_fault_id_fault"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_fault_id"), "hold", ["fault_id"], unique=False)


def downgrade() -> None:
    """Remove everything."""
    op.drop_index(op.f("ix_hold_fault_id"), table_name="hold")
    op.drop_table("hold")
    op.drop_index(op.f("ix_fault_note_fault_id"), table_name="fault_note")
    op.drop_table("fault_note")
    op.drop_index(op.f("ix_attachment_fault_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index(op.f("ix_stoppage_outlet_id"), table_name="stoppage")
    op.drop_index(op.f("ix_stoppage_device_id"), table_name="stoppage")
    op.drop_table("stoppage")
    op.drop_index(op.f("ix_placement_outlet_id"), table_name="placement")
    op.drop_table("placement")
    op.drop_index(
        "ix_fault_uptime",
        table_name="fault",
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.drop_index(op.f("ix_fault_technician"), table_name="fault")
    op.drop_index("ix_fault_state_repair_due_at", table_name="fault")
    op.drop_index("ix_fault_reported_at", table_name="fault")
    op.drop_index("ix_fault_repair_due_at", table_name="fault")
    op.drop_index("ix_fault_outlet_id_state", table_name="fault")
    op.drop_index(
        "ix_fault_exemption_proposed",
        table_name="fault",
        sqlite_where=sa.text("exempt_state = 'proposed'"),
        postgresql_where=sa.text("exempt_state = 'proposed'"),
    )
    op.drop_index("ix_fault_device_id_reported_at", table_name="fault")
    op.drop_table("fault")
    op.drop_table("device_state_change")
    op.drop_table("person_outlet")
    op.drop_index(op.f("ix_device_outlet_id"), table_name="device")
    op.drop_index(op.f("ix_device_category"), table_name="device")
    op.drop_index(op.f("ix_device_calendar_id"), table_name="device")
    op.drop_table("device")
    op.drop_index(op.f("ix_special_day_day"), table_name="special_day")
    op.drop_table("special_day")
    op.drop_index(op.f("ix_outlet_parent_id"), table_name="outlet")
    op.drop_index(op.f("ix_outlet_calendar_id"), table_name="outlet")
    op.drop_table("outlet")
    op.drop_index("ix_changed_field_kind_record_id", table_name="changed_field")
    op.drop_index(op.f("ix_changed_field_change_id"), table_name="changed_field")
    op.drop_table("changed_field")
    op.drop_table("calendar_version")
    op.drop_index(op.f("ix_symptom_category"), table_name="symptom")
    op.drop_table("symptom")
    op.drop_table("setting")
    op.drop_table("repair_limit")
    op.drop_table("person")
    op.drop_table("job_run")
    op.drop_index(op.f("ix_change_at"), table_name="change")
    op.drop_index(op.f("ix_change_actor"), table_name="change")
    op.drop_table("change")
    op.drop_table("calendar")

"""What the schema holds besides tables: views to look at with SQL, and the history's guards.

The views spell moments as UTC text, for SQLite knows no time zones; tags, codes and names stand
in the place of keys.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

__all__ = [
    "GUARDED",
    "GUARDS",
    "VIEWS",
    "create_guards",
    "create_views",
    "drop_guards",
    "drop_views",
    "find_guards",
]

GUARDED = ("change", "changed_field")
"""Tables that only grow."""
GUARDS = {
    "sqlite": frozenset(
        f"guard_{table}_{verb}" for table in GUARDED for verb in ("update", "delete")
    ),
    "postgresql": frozenset(f"guard_{table}" for table in GUARDED),
}
"""The triggers that see to it, by kind of database."""

_UTC = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%SZ', {0}, 'unixepoch')",
    "postgresql": "to_char(to_timestamp({0}) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS\"Z\"')",
}
_FAULT_MOMENTS = (
    *("occurred_at", "reported_at", "accepted_at", "on_site_at", "restored_at", "confirmed_at"),
    *("cancelled_at", "spare_from", "accept_due_at", "on_site_due_at", "repair_due_at"),
)


def _views(dialect: str) -> dict[str, str]:
    def utc(column: str, name: str) -> str:
        return f"{_UTC[dialect].format(column)} AS {name}_utc"

    moments = ", ".join(utc(f"f.{name}", name.removesuffix("_at")) for name in _FAULT_MOMENTS)
    return {
        "v_outlet": (
            "SELECT o.code, o.name, p.code AS parent_code, o.kind, o.zone, o.networked, "
            "c.name AS calendar, o.manager, o.phone, o.address, o.remarks FROM outlet o "
            "LEFT JOIN outlet p ON p.id = o.parent_id LEFT JOIN calendar c ON c.id = o.calendar_id"
        ),
        "v_device": (
            "SELECT d.tag, d.name, d.category, o.code AS outlet_code, o.name AS outlet_name, "
            "d.position, c.name AS calendar, d.state, d.commissioned_on, d.retired_on, "
            "d.manufacturer, d.model, d.serial_number, d.custodian, d.remarks FROM device d "
            "JOIN outlet o ON o.id = d.outlet_id LEFT JOIN calendar c ON c.id = d.calendar_id"
        ),
        "v_fault": (
            "SELECT f.number, d.tag, d.category, o.code AS outlet_code, o.name AS outlet_name, "  # noqa: S608
            f"f.state, f.impact, f.grade, f.symptom, f.cause, f.responsibility, {moments}, "
            "f.exempt_state, f.exempt_by, f.technician, f.action_taken, f.remarks FROM fault f "
            "JOIN device d ON d.id = f.device_id JOIN outlet o ON o.id = f.outlet_id"
        ),
        "v_hold": (
            "SELECT f.number, h.reason, "  # noqa: S608
            f"{utc('h.from_at', 'from')}, {utc('h.to_at', 'to')} FROM hold h "
            "JOIN fault f ON f.id = h.fault_id"
        ),
        "v_history": (
            f"SELECT {utc('c.at', 'at')}, c.actor, c.role, c.action, c.reason, "  # noqa: S608
            'x.kind, x.record_id, x.field, x.old AS old_value, x."new" AS new_value FROM change c '
            "LEFT JOIN changed_field x ON x.change_id = c.id"
        ),
    }


VIEWS = tuple(_views("sqlite"))


def create_views(connection: Connection) -> None:
    """Create the views; they must not be there yet."""
    for name, query in _views(connection.dialect.name).items():
        connection.execute(text(f"CREATE VIEW {name} AS {query}"))


def drop_views(connection: Connection) -> None:
    """Remove the views, so that a migration may change the tables beneath them."""
    for name in VIEWS:
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))


def create_guards(connection: Connection) -> None:
    """Let the database itself refuse to change or remove a line of the history."""
    if connection.dialect.name == "sqlite":
        for table in GUARDED:
            for verb in ("UPDATE", "DELETE"):
                connection.execute(
                    text(
                        f"CREATE TRIGGER guard_{table}_{verb.lower()} BEFORE {verb} ON {table} "
                        "BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"
                    )
                )
        return
    connection.execute(
        text(
            "CREATE FUNCTION guard_history() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'the history is append-only'; END $$"
        )
    )
    for table in GUARDED:
        connection.execute(
            text(
                f"CREATE TRIGGER guard_{table} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION guard_history()"
            )
        )


def find_guards(connection: Connection) -> frozenset[str]:
    """Return those of the guards that are there, and on (PostgreSQL can switch them off)."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
    )
    return GUARDS[connection.dialect.name] & set(connection.scalars(text(query)))


def drop_guards(connection: Connection) -> None:
    """Take the guards away: for a restore, which puts a whole history in the place of another."""
    on_sqlite = connection.dialect.name == "sqlite"
    for name in sorted(GUARDS[connection.dialect.name]):
        of = "" if on_sqlite else f" ON {name.removeprefix('guard_')}"
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{of}"))
    if not on_sqlite:
        connection.execute(text("DROP FUNCTION IF EXISTS guard_history()"))

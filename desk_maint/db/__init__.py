"""Tables, engine, history, migrations and backup, on SQLite and PostgreSQL."""

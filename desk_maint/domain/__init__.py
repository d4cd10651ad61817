"""What the program exists for: calendars, deadlines, tickets, uptime; no database, no screen."""

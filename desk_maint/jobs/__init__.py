"""Scheduled work: backups, escalation, reminders; run by every open window and by the agent."""

"""The headless front door."""

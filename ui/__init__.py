"""The window: three desks over the services of the core.  Nothing else imports Qt."""

"""Not yet."""


def add_commands(_command: object) -> None:
    """Add nothing yet."""

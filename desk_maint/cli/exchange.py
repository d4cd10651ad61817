"""Not yet."""


def add_commands(command):
    pass

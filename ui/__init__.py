"""The window: three desks over the services of the core.  Nothing else imports Qt."""

import builtins

# Qt's binding puts a function of its own in place of `__import__`, which reads the source of every
# module imported from then on, in search of `from __feature__ import snake_case`.  Nothing here
# uses that, and reading the two hundred modules of the database layer is a tenth of the start.
_plain_import = builtins.__import__

import PySide6.QtCore  # noqa: E402, F401  (the binding is there from here on)

builtins.__import__ = _plain_import

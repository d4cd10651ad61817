"""``python -m desk_maint`` is ``desk-maint``."""

import sys

from desk_maint.cli.main import main

sys.exit(main())

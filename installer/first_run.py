"""What ``bootstrap.py run`` starts: the window on a demo district, or the main job without one."""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Make the demo district where there is none yet, then show what the program is for."""
    from desk_maint.cli.main import main as command_line
    from desk_maint.db.location import default_path

    demo = default_path().with_name("demo.db")
    database = ["--database", str(demo)]
    if not demo.exists():
        for command in (["database", "init"], ["demo"]):
            status = command_line([*database, *command])
            if status:
                demo.unlink(missing_ok=True)
                return status
    if _has_screen():
        from ui.app import main as window

        return window([*database, *arguments])
    first_of_this = datetime.now().astimezone().date().replace(day=1)
    first = (first_of_this - timedelta(days=1)).replace(day=1)
    period = ["--from", first.isoformat(), "--to", first_of_this.isoformat()]
    workbook = Path(f"uptime-{first:%Y-%m}.xlsx").absolute()
    if workbook.exists():
        workbook.unlink()
    status = command_line([*database, *arguments, "uptime", *period])
    if status == 0:
        status = command_line(
            [*database, *arguments, "export", "uptime", *period, "--out", str(workbook)]
        )
        if status == 0:
            print(workbook)
    return status


def _has_screen() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

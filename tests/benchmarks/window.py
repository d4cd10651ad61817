"""How soon the window is there, and how a queue of 200,000 tickets opens, scrolls and filters.

    python -m tests.benchmarks.window [TICKETS]

The start is measured from the start of the process, against a bare PySide6 window with an empty
table, in turns, the medians of several runs.  Works without a screen (`QT_QPA_PLATFORM`).
"""

from __future__ import annotations

import ast
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

RUNS = 7
LAST = date(2026, 6, 1)


def main() -> None:
    """Print the tables."""
    tickets = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        location = str(Path(folder) / "district.db")
        subprocess.run([sys.executable, "-c", _BUILD, location, str(tickets)], check=True)
        preferences = Path(folder) / "DeskMaint" / "desk-maint.ini"
        preferences.parent.mkdir()
        preferences.write_text("[General]\nlogin=ma\nlanguage=zh_CN\n", encoding="utf-8")
        _child("start", folder, location)
        runs = [
            (_child("bare", folder, location), _child("start", folder, location))
            for _ in range(RUNS)
        ]
        bare = statistics.median(run["frame"] for run, _ in runs)
        print(f"{'from the start of the process':44}{'time':>9}{'ratio':>8}{'peak MB':>9}")
        peak = statistics.median(run["peak"] for run, _ in runs)
        print(f"{'bare window with an empty table, first frame':44}{bare:8.3f}s{1:8.2f}{peak:9.0f}")
        for key, words in (("frame", "first frame"), ("usable", "desk with its data")):
            took = statistics.median(run[key] for _, run in runs)
            peak = statistics.median(run["peak"] for _, run in runs)
            print(f"{'DeskMaint, ' + words:44}{took:8.3f}s{took / bare:8.2f}{peak:9.0f}")
        # Steadier than the clock on the wall, where other work runs on the machine.
        busy = [statistics.median(run[n]["processor"] for run in runs) for n in (0, 1)]
        words = "its processor time, all threads"
        print(f"{words:44}{busy[1]:8.3f}s{busy[1] / busy[0]:8.2f}")
        print(f"\nqueue of {tickets:,} tickets")
        queue = _child("queue", folder, location)
        for key, words in (
            ("open", "open the queue, every ticket"),
            ("scroll", "scroll from end to end, 200 steps"),
            ("longest", "the longest step on the window's thread"),
            ("last", "the last rows are there"),
            ("filter", "filter as one types, each key"),
            ("sort", "sort by another column"),
        ):
            print(f"{words:44}{queue[key]:8.3f}s")
        print(f"{'peak memory':44}{queue['peak']:6.0f} MB")


_BUILD = """
import sys
from datetime import date
from desk_maint.domain.people import Actor, Role
from desk_maint.services import people
from desk_maint.services.people import PersonData
from tests.benchmarks import district, window
location, tickets = sys.argv[1], int(sys.argv[2])
database = district.build(
    location, devices=5_000, faults=tickets, first=date(2025, 6, 1), last=window.LAST
)
actor = Actor("benchmark", Role.ADMINISTRATOR)
people.add(database, actor, PersonData("ma", "马强", Role.TECHNICIAN), None, at=1_780_000_000)
database.close()
"""


def _child(what: str, folder: str, location: str) -> dict[str, float]:
    environment = {
        "QT_QPA_PLATFORM": "offscreen",
        **os.environ,
        "BEGUN": repr(time.time()),
        "XDG_CONFIG_HOME": folder,
    }
    # As on a user's PC: what was compiled once is not compiled at every start.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"from tests.benchmarks import window_process as it; it.{what}()",
            location,
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    answer: dict[str, float] = ast.literal_eval(done.stdout.splitlines()[-1])
    return answer


if __name__ == "__main__":
    main()

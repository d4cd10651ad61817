"""Measurements in processes of their own, and how they are printed."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import NamedTuple

__all__ = ["Measure", "measure", "print_table"]


class Measure(NamedTuple):
    """What one process took: seconds of wall and of processor time, and its largest size in MB."""

    wall: float
    processor: float
    peak: int


_CHILD = """
import resource, sys
from importlib import import_module
getattr(import_module(sys.argv[1]), sys.argv[2])(*sys.argv[3:])
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)
"""


def measure(module: str, what: str, *arguments: str) -> Measure:
    """Call a function of a module in a process of its own."""
    command = [sys.executable, "-c", _CHILD, module, what, *arguments]
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(done.stderr)
    processor, peak = done.stdout.split()
    return Measure(wall, float(processor), int(peak))


def print_table(rows: list[tuple[str, Measure]]) -> None:
    """Print each measure, and how many times the first it is."""
    print(f"{'':36}{'wall':>9}{'ratio':>7}{'processor':>11}{'ratio':>7}{'peak MB':>9}{'ratio':>7}")
    plain = rows[0][1]
    for name, each in rows:
        print(
            f"{name:36}{each.wall:8.1f}s{each.wall / plain.wall:7.2f}{each.processor:10.1f}s"
            f"{each.processor / plain.processor:7.2f}{each.peak:9}{each.peak / plain.peak:7.1f}"
        )

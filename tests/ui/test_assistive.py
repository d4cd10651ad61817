"""Everything that a ticket needs can be reached by accessible names, from outside the program."""

from __future__ import annotations

import pytest

from tests import assistive


def test_an_outside_client_reports_a_fault_and_closes_its_ticket() -> None:
    missing = assistive.missing_tools()
    if missing:
        pytest.skip(f"this machine has no {', '.join(missing)}")
    done = assistive.run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("is closed.")

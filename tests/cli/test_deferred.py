"""Modules that are put off come when something of them is used, and only then."""

import subprocess
import sys

import pytest


def _of_new_process(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.mark.parametrize(
    ("module", "use", "gives"),
    [
        ("asyncio", "asyncio.iscoroutine(1), asyncio.run(asyncio.sleep(0, 7))", "(False, 7)"),
        ("importlib.metadata", "importlib.metadata.PackageNotFoundError.__name__", None),
        ("hashlib", "hashlib.sha256(b'').hexdigest()[:6]", "e3b0c4"),
        ("hmac", "hmac.compare_digest(b'a', b'a')", "True"),
        ("secrets", "len(secrets.token_bytes(16))", "16"),
    ],
)
def test_a_module_comes_with_its_first_use(module, use, gives):
    code = (
        "import sys; from desk_maint.cli.deferred import defer; defer();"
        f"import {module}; stand_in = sys.modules['{module}'];"
        f"answer = {use};"
        f"print(type(stand_in).__name__, type(sys.modules['{module}']).__name__, answer)"
    )
    assert _of_new_process(code) == f"_Deferred module {gives or 'PackageNotFoundError'}"


def test_the_start_needs_none_of_them():
    code = (
        "import sys; from desk_maint.cli.deferred import defer; defer();"
        "import desk_maint.db.engine, desk_maint.services.people;"
        "print([name for name in ('asyncio', 'hashlib', 'hmac', 'secrets')"
        " if type(sys.modules[name]).__name__ == 'module'])"
    )
    assert _of_new_process(code) == "[]"

"""Passwords as they are kept: salted scrypt, with its parameters beside each."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from desk_maint.domain.errors import InputError
from desk_maint.domain.messages import msg

__all__ = ["hashed", "matches"]

# About 50 ms and 16 MB per try on an office PC: the recommendation of RFC 7914 for log-ins.
_N, _R, _P = 2**14, 8, 1
_SHORTEST = 6


def hashed(password: str | None) -> str | None:
    """Return what is kept of a password; None: none is asked for.

    Raises :class:`InputError` for one that is too short.
    """
    if password is None:
        return None
    if len(password) < _SHORTEST:
        raise InputError(
            msg("The password is too short. Use at least {count} characters.", count=_SHORTEST),
            field="password",
        )
    salt = secrets.token_bytes(16)
    key = _scrypt(password, salt, _N, _R, _P)
    numbers = f"{_N}${_R}${_P}"
    return f"scrypt${numbers}${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"


def matches(stored: str | None, password: str | None) -> bool:
    """Whether a password is the one that was kept; where none was kept, none may be given."""
    if stored is None:
        return not password
    _, n, r, p, salt, key = stored.split("$")
    tried = _scrypt(password or "", base64.b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(tried, base64.b64decode(key))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=32)

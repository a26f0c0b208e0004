"""Passwords: argon2id hashes, and a check that takes as long for an unknown account as for a known one."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from matchhub.errors import Refusal

LEAST_LENGTH = 10
MOST_LENGTH = 256
_JUDGED = 72  # characters that are looked at for known words: the time grows with their square
_LEAST_SCORE = 2  # of zxcvbn: more than a million guesses

# OWASP's password storage advice (2024): argon2id, 19 MiB, 2 passes, 1 lane. More memory would let 64 clients at the
# sign-in page take gigabytes.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class PasswordRefused(Refusal):
    """A new password that is too short, too long or too easily guessed."""

    code = "password_too_short"


def hash_password(password: str, login: str = "") -> str:
    """The argon2id hash of a new password; raises ``PasswordRefused``. ``login`` may not be the password."""
    if len(password) < LEAST_LENGTH:
        raise PasswordRefused(least=LEAST_LENGTH)
    if len(password) > MOST_LENGTH:
        raise PasswordRefused("password_too_long", most=MOST_LENGTH)
    if len(set(password)) < 4 or (login and login.casefold() in password.casefold()):
        raise PasswordRefused("password_too_easy")
    if _is_known(password, login):
        raise PasswordRefused("password_known")
    return _HASHER.hash(password)


def _is_known(password: str, login: str) -> bool:
    """Whether somebody guesses it within a million tries: known passwords, names, keys side by side, years and what is
    made of few of them (ASVS 5.0, 6.2.4 and 6.2.12), as zxcvbn estimates from its own lists, without asking anybody."""
    from zxcvbn import zxcvbn  # its lists take a tenth of a second to load, and new passwords are rare

    guessed: int = zxcvbn(password[:_JUDGED], user_inputs=[login] if login else [])["score"]
    return guessed < _LEAST_SCORE


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether ``password`` belongs to the hash; without a hash the same work is done and the answer is no."""
    try:
        fits = _HASHER.verify(password_hash or _decoy(), password[: MOST_LENGTH + 1])
    except (VerificationError, InvalidHashError):
        return False
    return fits and password_hash is not None


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _HASHER.hash("no account has this password")

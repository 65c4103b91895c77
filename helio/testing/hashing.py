"""Passwords hashed as in service, but at a fraction of the cost that only guessers should bear."""

from django.contrib.auth.hashers import Argon2PasswordHasher

HASHERS = [
    "helio.testing.hashing.QuickArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 with little memory and one pass."""

    time_cost = 1
    memory_cost = 512  # KiB
    parallelism = 1

    def must_update(self, encoded: str) -> bool:
        """Never: hashes that commands made in processes of their own, at full cost, stay."""
        return False

"""Secrets for links, cookies and codes: made here, kept only as a hash."""

import hashlib
import hmac
import secrets

from itsdangerous import BadSignature, URLSafeTimedSerializer

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B: a code is read from paper and typed on a phone.
CODE_LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"


def new_token() -> str:
    """256 bits from the system's source of randomness."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())


def new_code(length: int) -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(length))


def derived_code(secret: str, purpose: str, length: int) -> str:
    """A code that can be printed again without being stored: the same for the same secret and purpose."""
    digest = hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(length):
        number, index = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[index])
    return "".join(letters)


def tidy_code(typed: str) -> str:
    """What somebody types from paper: case, blanks and dashes do not matter."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def sign(secret: str, purpose: str, payload: object) -> str:
    return URLSafeTimedSerializer(secret, salt=purpose).dumps(payload)


def read_signed(secret: str, purpose: str, token: str, max_age_seconds: int) -> object | None:
    """The payload, or None for a token that is forged, foreign or too old."""
    try:
        payload: object = URLSafeTimedSerializer(secret, salt=purpose).loads(token, max_age=max_age_seconds)
    except BadSignature:
        return None
    return payload

"""Mails of this feature: the sign-in link and the invitation."""

from service.accounts.models import Account, SignInLink
from service.mail.models import Mail, Stream
from service.mail.outbox import letter


def sign_in(account: Account, link: SignInLink, path: str) -> Mail:
    return letter(
        "accounts/mails/sign_in",
        to=account.email,
        key=f"sign-in:{link.id}",
        stream=Stream.SIGN_IN,
        language=account.language,
        context={"name": account.name, "path": path},
    )


def invitation(
    account: Account, link: SignInLink, path: str, *, inviter: str, role: str, place: str, name: str
) -> Mail:
    """`role` is a code that the template words; `place` is what it is of, by name; names may be empty."""
    return letter(
        "accounts/mails/invitation",
        to=account.email,
        key=f"invitation:{link.id}",
        stream=Stream.SIGN_IN,
        language=account.language,
        context={"name": name, "path": path, "inviter": inviter, "role": role, "place": place},
    )

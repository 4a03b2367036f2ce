"""The two codes that sign a youth in: the class's, and a personal one that is derived and never stored."""

from sqlmodel import Session, col, select

from service.core.tokens import derived_code, same, tidy_code
from service.youth.models import SchoolClass, Youth, YouthStatus

CODE_LENGTH = 6
NO_CLASS = "no class"


def personal_code(secret: str, youth: Youth) -> str:
    """The same whenever it is printed; raising `code_version` makes every earlier card void."""
    return _code(secret, f"{youth.id}:{youth.code_version}")


def find_youth(session: Session, secret: str, class_code: str, personal_code: str) -> Youth | None:
    """The one youth with both codes. Every code of the class is compared, so that time tells nothing."""
    typed = tidy_code(personal_code)
    members = session.exec(
        select(Youth)
        .join(SchoolClass, col(SchoolClass.id) == col(Youth.class_id))
        .where(SchoolClass.code == tidy_code(class_code), Youth.status != YouthStatus.LEFT)
    ).all()
    fitting = [youth for youth in members if same(_code(secret, f"{youth.id}:{youth.code_version}"), typed)]
    if not members:
        same(_code(secret, NO_CLASS), typed)
    return fitting[0] if len(fitting) == 1 else None


def _code(secret: str, of: str) -> str:
    return derived_code(secret, f"youth:{of}", CODE_LENGTH)

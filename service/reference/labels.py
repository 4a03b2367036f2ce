"""Labels of reference data in the reader's language."""

from service.core.i18n import language
from service.reference.catalogue import catalogue


def label(thing: str, code: str | int | None) -> str:
    """As `label("sectors", "ZORG")`; an unknown code is shown as it is."""
    return "" if code is None else catalogue().label(thing, str(code), language())


def youth_label(thing: str, code: str | int | None) -> str:
    """The same in words a youth reads with ease."""
    return "" if code is None else catalogue().youth_label(thing, str(code), language())

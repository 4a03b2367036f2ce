"""One Jinja environment; each feature brings its own folder of templates."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    select_autoescape,
)

from service.core import i18n
from service.web import assets

SERVICE = Path(__file__).parent.parent


@cache
def environment() -> Environment:
    """`offers/list.html` is service/offers/templates/list.html; names without a folder are shared."""
    features = {
        folder.parent.name: FileSystemLoader(folder)
        for folder in sorted(SERVICE.glob("*/templates"))
        if folder.parent.name != "web"
    }
    loaders: list[BaseLoader] = [PrefixLoader(features), FileSystemLoader(SERVICE / "web" / "templates")]
    made = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext, npgettext=i18n.npgettext
    )
    made.globals.update(
        day_in_words=i18n.day_in_words,
        day_in_short=i18n.day_in_short,
        moment_in_words=i18n.moment_in_words,
        time_in_words=i18n.time_in_words,
        number_in_words=i18n.number_in_words,
        # An imported template keeps the words of the moment it was first imported: this one is there always.
        asset=assets.address,
    )
    return made


def add_words(functions: Mapping[str, Any]) -> None:
    """Functions that every template may call, such as the labels of reference data; days speak already."""
    made = environment()
    made.globals.update(functions)
    # A block that is rendered alone does not run the imports at the top of its file.
    made.globals["ui"] = made.get_template("ui.html").module


def render(name: str, block: str | None = None, **context: Any) -> str:
    template = environment().get_template(name)
    if block is None:
        return template.render(**context)
    shown = template.new_context(context)
    return "".join(template.blocks[block](shown))

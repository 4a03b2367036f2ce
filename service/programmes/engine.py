"""Asks the engine whether weights and limits can be what a programme wants."""

from collections.abc import Mapping

from matching import InvalidProblem, Limits, Weights
from service.core.i18n import Message, _

WEIGHTS = {"sector": "sector_weight", "location": "location_weight", "talent": "talent_weight"}
LIMITS = ("minutes_under_14", "minutes_14_15", "minutes_16_17", "minutes_adult")
"""The engine's own names, so that a programme's travel limits can be handed over as they are."""


def default_limits() -> dict[str, int]:
    return {name: getattr(Limits(), name) for name in LIMITS}


def weight_faults(sector: float, location: float, talent: float) -> dict[str, Message]:
    """By field of the form; empty when the engine accepts the three."""
    try:
        Weights(sector, location, talent)
    except InvalidProblem as problem:
        return {
            WEIGHTS.get(fault.field, "sector_weight"): _weight_sentence(fault.code)
            for fault in problem.faults
        }
    return {}


def _weight_sentence(code: str) -> Message:
    if code == "negative":
        return _("A weight is 0 or more.")
    return _("The three weights must be 1 together, for example 0.45, 0.25 and 0.30.")


def limit_faults(limits: Mapping[str, int], lowest_age: int, highest_age: int) -> dict[str, Message]:
    try:
        Limits(min_age=lowest_age, max_age=highest_age, **limits)
    except InvalidProblem as problem:
        fields = {"min_age": "lowest_age", "max_age": "highest_age"}
        return {fields.get(fault.field, fault.field): _limit_sentence(fault.code) for fault in problem.faults}
    return {}


def _limit_sentence(code: str) -> Message:
    if code == "below_12":
        return _("The law table starts at 12 years.")
    if code == "below_min_age":
        return _("The highest age must not be below the lowest.")
    return _("Minutes are 0 or more.")

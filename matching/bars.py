"""What is forbidden a sort of seeker whatever the days, so that it need not be asked pair by pair.

Guarantee: what is barred, `eligibility.check_pair` forbids; what is not barred is still to be judged. By
audience: kind, group and schooling do not depend on days. By law: on every day some version of the law is in
force and the seeker is some age from that of today to that of the last day any offer can be judged; when each
of these says no, so does the law on whatever days the two share. Growth: the distinct sorts of seekers times
the distinct audiences and sorts of law.
"""

import numpy as np

from matching.arrays import NO_CREBO, Numbers, OfferArrays, SeekerArrays, Terms
from matching.kernel import Bars, lay_bars
from matching.rule_tables import OPEN_END, OPEN_START, UNKNOWN_AGE

# Of seekers who differ in nothing but these, the bars are the same.
_WITHOUT_DAYS = {
    "size": 0,
    "starts": OPEN_START,
    "ends": OPEN_END,
    "of_age": OPEN_START,
    "too_old": OPEN_END,
    "crebo": NO_CREBO,
    "weekdays": 0,
}


def bars_of(terms: Terms, seekers: SeekerArrays, offers: OfferArrays) -> Bars:
    """The bars between the sorts of these seekers and all offers."""
    oldest = _oldest(terms, seekers, offers)
    rules = seekers.rules.copy()
    for name, value in _WITHOUT_DAYS.items():
        rules[name] = value
    row_of: dict[tuple[object, ...], int] = {}
    row = [
        row_of.setdefault((*each, age), len(row_of))
        for each, age in zip(rules.tolist(), oldest.tolist(), strict=True)
    ]
    _, examples = np.unique(np.array(row, dtype=np.int32), return_index=True)
    bars = Bars(
        row=np.array(row, dtype=np.int32),
        by_audience=np.zeros((len(row_of), len(offers.audiences)), dtype=bool),
        by_law=np.zeros((len(row_of), offers.law_forbids.shape[1]), dtype=bool),
    )
    lay_bars(terms, rules[examples], oldest[examples], offers, bars)
    return bars


def _oldest(terms: Terms, seekers: SeekerArrays, offers: OfferArrays) -> Numbers:
    """The row of tables by age on the last day a pair can be judged.

    That is the end of either side or, when both are open, the later start.
    """
    rules = seekers.rules
    ends = np.where(rules["ends"] == OPEN_END, OPEN_START, rules["ends"])
    last = np.maximum(np.maximum(rules["starts"], ends), max(terms.on, offers.latest))
    past = (seekers.birthdays <= last[:, None]).sum(axis=1)
    return np.where(rules["age"] == UNKNOWN_AGE, UNKNOWN_AGE, past).astype(np.int32)

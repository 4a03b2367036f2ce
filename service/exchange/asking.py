"""What the files and options ask of an allocation: minima, caps, groups, locks, how many are wanted."""

import argparse
from collections import defaultdict

from service.exchange import engine
from service.exchange.reading import Account

Pairs = tuple[tuple[str, str], ...]


def asked_of(
    arguments: argparse.Namespace,
    youths: Account,
    offers: Account,
    locks: Account | None,
    previous: Account | None,
) -> engine.Asked:
    rows = [row.values for row in offers.used]
    return engine.Asked(
        policy=arguments.policy,
        wanted={row.values["external_id"]: row.values.get("wanted", arguments.wanted) for row in youths.used},
        credit={row.values["external_id"]: row.values.get("credit", 0) for row in youths.used},
        hosts={row["external_id"]: row["organisation"] for row in rows},
        minima={row["external_id"]: row["minimum"] for row in rows if "minimum" in row},
        host_caps={row["organisation"]: row["host_cap"] for row in rows if "host_cap" in row},
        together=_groups(youths, "together"),
        apart=_groups(youths, "apart"),
        locked=_pairs(locks) if locks else (),
        previous=_pairs(previous) if previous else None,
        limit_seconds=arguments.limit,
    )


def _groups(youths: Account, column: str) -> tuple[tuple[str, ...], ...]:
    """Whoever has the same name in this column."""
    members: dict[str, list[str]] = defaultdict(list)
    for row in youths.used:
        for name in row.values.get(column, ()):
            members[name].append(row.values["external_id"])
    return tuple(map(tuple, members.values()))


def _pairs(account: Account) -> Pairs:
    return tuple((row.values["youth"], row.values["offer"]) for row in account.used if "offer" in row.values)

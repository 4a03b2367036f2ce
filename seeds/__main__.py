"""The command `python -m seeds`: reference, demo, national or postcodes, each with its own options."""

import sys
from collections.abc import Sequence
from importlib import import_module

# A command loads only what it needs: making the postcode table must not need a database.
COMMANDS = {
    "reference": ("seeds.load_reference", "Load the reference tables into the database of the settings"),
    "demo": ("seeds.demo", "Fill a database with an invented region"),
    "national": ("seeds.national", "Write the files of an invented country"),
    "postcodes": ("seeds.postcodes", "Make the postcode table from its source"),
}


def main(arguments: Sequence[str]) -> int:
    """Hand the rest of the line to the command; without a known one, say which there are."""
    if not arguments or arguments[0] not in COMMANDS:
        lines = [f"  {name:<10} {help_text}" for name, (_, help_text) in COMMANDS.items()]
        sys.stderr.write("\n".join(["usage: python -m seeds COMMAND …", *lines]) + "\n")
        return 2
    module, _ = COMMANDS[arguments[0]]
    return int(import_module(module).main(arguments[1:]) or 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

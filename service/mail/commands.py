"""`podium mail test` and `podium mail bounce`: is the way out good, and what came back."""

import argparse
import sys
from typing import BinaryIO

from sqlalchemy.exc import SQLAlchemyError

from service.core.db import make_engine, transaction
from service.core.i18n import LANGUAGES, _, speaking
from service.core.settings import Settings
from service.mail import wording
from service.mail.actions import note_report
from service.mail.reports import LARGEST_REPORT, read_report
from service.mail.transport import mail_folder
from service.mail.trying import try_out

TRY_LATER = 75
"""EX_TEMPFAIL of sysexits.h: a mail server that pipes a report to us keeps it and comes back."""
Commands = argparse._SubParsersAction  # noqa: SLF001 argparse gives what add_subparsers returns no other name


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    mail = commands.add_parser("mail", help="try the way out, take in what came back")
    acts = mail.add_subparsers(dest="mail", required=True)
    trying = acts.add_parser("test", help="send one mail, and say in plain words what is wrong")
    trying.add_argument("address")
    trying.add_argument("--language", choices=LANGUAGES, default="en")
    trying.set_defaults(act=test)
    bouncing = acts.add_parser("bounce", help="read a report of undelivered mail from standard input")
    bouncing.set_defaults(act=bounce)


def test(arguments: argparse.Namespace, settings: Settings) -> int:
    with speaking(arguments.language):
        reason = try_out(settings, arguments.address, arguments.language)
        if reason:
            sys.stdout.write(f"{wording.sentence(reason)} ({reason})\n")
            return 1
        if settings.smtp_url and settings.smtp_url.get_secret_value():
            said = _("The mail server took the mail for %(address)s.", address=arguments.address)
        else:
            said = _("No mail server is set: the mail is a file in %(folder)s.", folder=mail_folder(settings))
        sys.stdout.write(f"{said}\n")
    return 0


def bounce(_arguments: argparse.Namespace, settings: Settings) -> int:
    return note_bounce(sys.stdin.buffer, settings)


def note_bounce(message: BinaryIO, settings: Settings) -> int:
    """Never refuses what it does not understand: the mail server would send that back in turn."""
    report = read_report(message.read(LARGEST_REPORT))
    with speaking("en"):
        if report is None:
            sys.stdout.write(f"{wording.NO_REPORT}\n")
            return 0
        engine = make_engine(settings.database_url)
        try:
            with transaction(engine) as session:
                outcome = note_report(session, report)
        except SQLAlchemyError as error:
            sys.stderr.write(f"podium: {type(error).__name__}\n")
            return TRY_LATER
        finally:
            engine.dispose()
        sys.stdout.write(f"{wording.OUTCOME[outcome]}\n")
    return 0

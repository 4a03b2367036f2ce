"""The command `podium`."""

import argparse
import os
import sys
from collections.abc import Sequence

import uvicorn
from pydantic import ValidationError

from service import worker
from service.accounts.actions import create_first_admin
from service.bench.commands import add_commands as add_bench_commands
from service.core.db import make_engine, transaction
from service.core.errors import Problem
from service.core.i18n import speaking
from service.core.jobs import Begin
from service.core.logs import start_logging
from service.core.settings import Settings
from service.demo import run_demo
from service.exchange.commands import add_commands
from service.mail.commands import add_commands as add_mail_commands
from service.migrations import migrate
from service.reference.actions import load_reference

WRITE_WHAT_IS_PRIVATE = frozenset({"serve", "demo", "worker", "migrate", "admin", "jobs", "mail"})
OWNER_ONLY = 0o077


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    uvicorn.run(
        "service.app:from_environment",
        factory=True,
        host=arguments.host,
        port=arguments.port,
        workers=arguments.workers,
        log_config=None,
        access_log=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
    )
    return 0


def work(_arguments: argparse.Namespace, settings: Settings) -> int:
    start_logging(settings)
    worker.work(settings)
    return 0


def prepare_database(settings: Settings) -> None:
    """Newest schema and newest reference data; safe to repeat."""
    engine = make_engine(settings.database_url)
    migrate(engine)
    with transaction(engine) as session:
        load_reference(session)
    engine.dispose()


def run_migrations(_arguments: argparse.Namespace, settings: Settings) -> int:
    prepare_database(settings)
    return 0


def make_first_admin(arguments: argparse.Namespace, settings: Settings) -> int:
    engine = make_engine(settings.database_url)
    try:
        with speaking("en"), transaction(engine) as session:
            account = create_first_admin(session, arguments.email, arguments.name)
    except (Problem, ValueError) as error:
        with speaking("en"):
            print(
                f"podium: {error.args[0] if isinstance(error, ValueError) else error.message}",
                file=sys.stderr,
            )
        return 2
    finally:
        engine.dispose()
    print(f"{account.email} is administrator. Ask for a link at {settings.base_url.rstrip('/')}/sign-in")
    return 0


def list_jobs(_arguments: argparse.Namespace, _settings: Settings) -> int:
    for job in worker.JOBS:
        print(f"{job.name:<24} every {job.every}")
    return 0


def run_job(arguments: argparse.Namespace, settings: Settings) -> int:
    start_logging(settings)
    begin = Begin(make_engine(settings.database_url), settings)
    done = worker.run_job(worker.job_named(arguments.name), begin)
    print(f"{arguments.name}: {done} pieces of work done")
    return 0


def demonstrate(arguments: argparse.Namespace) -> int:
    return run_demo(arguments.port, host=arguments.host)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("podium", description="Brings youths to places where work comes alive.")
    commands = parser.add_subparsers(dest="command", required=True)

    serving = commands.add_parser("serve", help="answer web requests")
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=8000)
    serving.add_argument("--workers", type=int, default=1)
    serving.set_defaults(act=serve)

    demonstrating = commands.add_parser("demo", help="an invented region, with server and worker")
    demonstrating.add_argument("--host", default="127.0.0.1", help="where to listen")
    demonstrating.add_argument("--port", type=int, default=8000)
    demonstrating.set_defaults(act_alone=demonstrate)

    commands.add_parser("worker", help="do what is due: runs, digests, mail").set_defaults(act=work)
    commands.add_parser("migrate", help="bring the database to the newest schema").set_defaults(
        act=run_migrations
    )

    admin = commands.add_parser("admin", help="make the first administrator of a new installation")
    admin.add_argument("email")
    admin.add_argument("name")
    admin.set_defaults(act=make_first_admin)

    jobs = commands.add_parser("jobs", help="what runs by itself").add_subparsers(dest="jobs", required=True)
    jobs.add_parser("list", help="name the jobs").set_defaults(act=list_jobs)
    one = jobs.add_parser("run", help="do one job now")
    one.add_argument("name")
    one.set_defaults(act=run_job)

    add_mail_commands(commands)
    add_commands(commands)
    add_bench_commands(commands)
    return parser


def run(argv: Sequence[str]) -> int:
    arguments = build_parser().parse_args(argv)
    if arguments.command in WRITE_WHAT_IS_PRIVATE:
        # The database and the mail that is written to files hold what is known of people.
        os.umask(OWNER_ONLY)
    if "act_alone" in arguments:
        alone: int = arguments.act_alone(arguments)
        return alone
    try:
        settings = Settings()
    except ValidationError as error:
        for detail in error.errors():
            print(f"podium: {detail['msg'].removeprefix('Value error, ')}", file=sys.stderr)
        return 2
    try:
        outcome: int = arguments.act(arguments, settings)
    except LookupError as error:
        print(f"podium: {error}", file=sys.stderr)
        return 2
    return outcome

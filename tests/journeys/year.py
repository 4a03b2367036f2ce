"""A Podium that lives through a school year in a minute: its own clock, its worker's ticks, its real mail.

The pages are the application's own, asked over HTTP; the jobs are those that the worker lists, in its order;
the mail goes over a socket to an SMTP server. Only the clock is not real.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID

import time_machine
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import Session, select

from service import worker
from service.app import create_app
from service.core.clock import AMSTERDAM
from service.core.db import make_engine, transaction
from service.core.jobs import Begin, Job, drain
from service.core.settings import Environment, Settings
from service.mail.models import Mail
from service.tables import METADATA
from tests.installation import SECRET
from tests.journeys.mail_reader import Letter, read
from tests.smtp_server import Inbox, smtp_server

BASE_URL = "https://podium.example"
SENDER = "post@podium.example"
BOUNCES = "bounces@podium.example"
OVERVIEWS, REMINDERS, AFTERNOON = time(7, 30, 5), time(8, 30, 5), time(16, 45, 5)
"""When the worker looks on a day on which nothing else happens: just after something may be due."""
ENDS_IN_MAIL = frozenset({"build_digest", "send_mail", "note_sent_digest"})
"""What these do leaves nothing to do for jobs before them; the last of all sends the mail."""
FRIDAY = 5
OFTEN = timedelta(hours=1)
MOST_ROUNDS = 10
WHERE_NOTHING_CHANGES = frozenset({"postcode", "tag", "synonym", "sector", "crebo"})
A_DAY = timedelta(days=1)
FOUND, SEE_OTHER = 200, 303


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment on the wall in Amsterdam."""
    return datetime.combine(day, time(hour, minute), AMSTERDAM).astimezone(UTC)


@dataclass(frozen=True)
class Arrival:
    """A message as it came in, and when that was."""

    moment: datetime
    raw: bytes
    recipient: str
    sender: str
    letter: Letter
    template: str
    """Which kind of mail it is, as the outbox says."""

    @property
    def day(self) -> date:
        return self.moment.astimezone(AMSTERDAM).date()

    @property
    def stream(self) -> str:
        """Mail outside all lists is that with which somebody signs in, and that about what is agreed."""
        is_way_in = self.template.startswith("accounts/mails/")
        return self.letter.list_id or ("sign_in" if is_way_in else "agreement")


class _Forms(HTMLParser):
    """The forms of a page with what they would send untouched, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name, value = has.get("name") or "", has.get("value") or ""
        if tag == "form":
            self.forms.append((has.get("action") or "", {}))
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in has and self.select:
            self._keep(self.select, value)
        elif tag == "input" and name:
            may_be_off = has.get("type") in {"checkbox", "radio"}
            if has.get("type") not in {"file", "submit"} and (not may_be_off or "checked" in has):
                self._keep(name, value if "value" in has else "on")

    def _keep(self, name: str, value: str) -> None:
        if self.forms:
            self.forms[-1][1].setdefault(name, []).append(value)


class Person:
    """Somebody with an address and a browser."""

    def __init__(self, year: "Year", email: str = "") -> None:
        self.year = year
        self.email = email
        self.browser = year.new_browser()

    def get(self, path: str) -> Response:
        answer: Response = self.browser.get(path)
        assert answer.status_code == FOUND, (path, answer.status_code)
        return answer

    def post(self, path: str, **typed: Any) -> Response:
        answer: Response = self.browser.post(path, data=typed)
        assert answer.status_code == SEE_OTHER, (path, answer.status_code, answer.text)
        return answer

    def send(self, path: str, action: str, **typed: Any) -> Response:
        """Opens a page, fills in the one form that goes there, and sends it."""
        page = _Forms()
        page.feed(self.get(path).text)
        values = next(values for goes_to, values in page.forms if goes_to == action)
        return self.post(action, **values | typed)

    def choose_overview(self, audience: str, place_id: UUID, **typed: str) -> None:
        path = "/digests/subscription"
        self.send(f"{path}?of={audience}:{place_id}", path, **typed)

    def sign_in(self) -> "Person":
        """Asks for a link, reads the mail, opens it in this browser and presses the button."""
        self.send("/sign-in", "/sign-in", email=self.email)
        self.year.tick()
        link = self.year.link_to(self.email, "/sign-in/")
        self.year.look(link, self)
        self.send(link, link.removeprefix(BASE_URL))
        return self


@dataclass
class Year:
    """The travelled installation."""

    settings: Settings
    inbox: Inbox
    clock: time_machine.Traveller
    app: Any
    arrived: list[Arrival] = field(default_factory=list)
    looked_at: dict[str, datetime] = field(default_factory=dict)
    long_days: frozenset[date] = frozenset()
    """On which somebody wants his overview in the afternoon."""
    is_down: bool = False
    """The worker stands still; people go on."""

    def __post_init__(self) -> None:
        self.engine = make_engine(self.settings.database_url)
        self.begin = Begin(self.engine, self.settings)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    @property
    def today(self) -> date:
        return self.now.astimezone(AMSTERDAM).date()

    @contextmanager
    def session(self) -> Iterator[Session]:
        with transaction(self.engine) as session:
            yield session

    def new_browser(self) -> TestClient:
        return TestClient(
            self.app,
            base_url=BASE_URL,
            follow_redirects=False,
            headers={"sec-fetch-site": "same-origin", "accept-language": "en"},
        )

    # ---- Time ----

    def go_to(self, moment: datetime) -> None:
        """Day after day, with the worker's looks on the way; the moment itself is the caller's."""
        for tick in self._ticks_before(moment):
            self.clock.move_to(tick)
            self.tick()
        self.clock.move_to(moment)

    def _ticks_before(self, moment: datetime) -> Iterator[datetime]:
        day = self.today
        while day <= moment.astimezone(AMSTERDAM).date():
            for wall in self._looks_on(day):
                tick = datetime.combine(day, wall, AMSTERDAM).astimezone(UTC)
                if self.now < tick < moment:
                    yield tick
            day += A_DAY

    def _looks_on(self, day: date) -> tuple[time, ...]:
        if day.isoweekday() > FRIDAY:
            return (OVERVIEWS,)
        return (OVERVIEWS, REMINDERS, AFTERNOON) if day in self.long_days else (OVERVIEWS, REMINDERS)

    def tick(self) -> None:
        """What the worker's scheduler does in the minutes from now: each job in its time, until all is done.

        A step that fails ends the story here; `run_job` would note it and try again.
        """
        if self.is_down:
            return
        worker.teach_templates()
        for _round in range(MOST_ROUNDS):
            looking = [job for job in worker.JOBS if self._is_time_for(job)]
            if not {job.name for job in looking if drain(job, self.begin)} - ENDS_IN_MAIL:
                break
        else:
            raise AssertionError("the jobs keep each other at work")
        self._take_in()

    def _is_time_for(self, job: Job) -> bool:
        """Those that look every few minutes or seconds look again and again within a tick."""
        last = self.looked_at.get(job.name)
        if last is not None and last + job.every > self.now and job.every > OFTEN:
            return False
        self.looked_at[job.name] = self.now
        return True

    def tick_again(self) -> None:
        """Two more workers at this same moment, side by side: whatever was done is done."""
        before = len(self.inbox.messages)

        def work() -> None:
            engine = make_engine(self.settings.database_url)
            for job in worker.JOBS:
                worker.run_job(job, replace(self.begin, engine=engine))
            engine.dispose()

        workers = [threading.Thread(target=work) for _number in range(2)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
        assert len(self.inbox.messages) == before

    def stop(self) -> None:
        self.engine.dispose()

    def restart(self) -> None:
        """A worker has no memory: what it knew stands in rows."""
        self.stop()
        self.engine = make_engine(self.settings.database_url)
        self.begin = Begin(self.engine, self.settings)
        self.looked_at.clear()

    def _take_in(self) -> None:
        for number in range(len(self.arrived), len(self.inbox.raw)):
            raw = self.inbox.raw[number]
            letter = read(raw, base_url=BASE_URL)
            self.arrived.append(
                Arrival(
                    moment=self.now,
                    raw=raw,
                    recipient=self.inbox.recipients[number],
                    sender=self.inbox.senders[number],
                    letter=letter,
                    template=self._template_of(letter),
                )
            )

    def _template_of(self, letter: Letter) -> str:
        number = letter.message_id.strip("<>").partition("@")[0]
        with self.session() as session:
            return session.exec(select(Mail.template).where(Mail.message_id == number)).one()

    # ---- Mail ----

    def mail_to(self, email: str) -> list[Letter]:
        return [one.letter for one in self.arrived if one.recipient == email]

    def link_to(self, email: str, path: str) -> str:
        """In the newest mail to somebody that has one."""
        found = (letter.find(path) for letter in reversed(self.mail_to(email)))
        return next(link for link in found if link)

    def bounce(self, report: bytes) -> None:
        """A mail server puts a report into the mailbox that the worker reads."""
        assert self.settings.bounce_folder is not None
        (self.settings.bounce_folder / "new" / f"{self.now:%Y%m%d}.report").write_bytes(report)

    # ---- What is kept ----

    def everything(self) -> dict[str, list[str]]:
        """Each row of each table, but of those that only a new release fills."""
        with transaction(self.engine, read_only=True) as session:
            return {
                table.name: sorted(map(repr, session.execute(table.select()).all()))
                for table in METADATA.sorted_tables
                if table.name not in WHERE_NOTHING_CHANGES
            }

    def look(self, link: str, who: Person | None = None, *, status: int = FOUND) -> str:
        """Opens a link as a program that looks at every link in a mail does: nothing may change by it."""
        before = self.everything()
        answer = (who or Person(self)).browser.get(link)
        assert answer.status_code == status, (link, answer.status_code)
        assert self.everything() == before, link
        return str(answer.text)

    def press(self, link: str, act: str, *, status: int = SEE_OTHER, **typed: Any) -> str:
        """Presses a button behind a link, in a browser that is signed in nowhere; what the page says then."""
        browser = Person(self).browser
        answer = browser.post(f"{link}/{act}", data=typed)
        assert answer.status_code == status, (link, answer.status_code, answer.text)
        return str(browser.get(answer.headers.get("location", link)).text)

    def press_in_vain(self, link: str, act: str, *, status: int = SEE_OTHER, **typed: Any) -> str:
        """The same, and nothing changes: it was answered before, or it is no good link."""
        before = self.everything()
        said = self.press(link, act, status=status, **typed)
        assert self.everything() == before, link
        return said

    def leave_with_one_click(self, letter: Letter) -> None:
        """As a mail program does it itself: no cookie, no sign-in, no page looked at (RFC 8058)."""
        stranger = TestClient(self.app, base_url=BASE_URL, follow_redirects=False)
        answer = stranger.post(
            letter.unsubscribe,
            content=b"List-Unsubscribe=One-Click",
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code == FOUND
        assert "set-cookie" not in answer.headers


@contextmanager
def school_year(database_url: str, folder: Path, *, starts: datetime) -> Iterator[Year]:
    """An installation with a mail server and a mailbox for what comes back, at the given moment."""
    mailbox = folder / "bounces"
    (mailbox / "new").mkdir(parents=True)
    with ExitStack() as stack:
        inbox, smtp_url = stack.enter_context(smtp_server())
        settings = Settings.model_validate(
            {
                "environment": Environment.DEVELOPMENT,
                "base_url": BASE_URL,
                "database_url": database_url,
                "secret_key": SECRET,
                "var_dir": folder / "var",
                "smtp_url": smtp_url,
                "mail_from": f"Podium <{SENDER}>",
                "operator_email": "beheer@podium.example",
                "bounce_address": BOUNCES,
                "bounce_folder": mailbox,
            }
        )
        clock = stack.enter_context(time_machine.travel(starts, tick=False))
        year = Year(settings, inbox, clock, create_app(settings))
        stack.callback(year.stop)
        stack.enter_context(TestClient(year.app, base_url=BASE_URL))
        yield year

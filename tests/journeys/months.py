"""What happens in the school year, month by month: who asks, who answers by which link, who is silent."""

import re
from datetime import date, timedelta

import segno
from sqlmodel import col, select

from service.mail.models import Mail, MailStatus
from service.matchmaking.models import Run, RunStatus, Suggestion
from service.offers.models import Offer, OfferStatus
from service.organisations.models import Organisation, OrganisationStatus
from service.placements.models import PlacementStatus
from service.youth.models import Youth
from tests.journeys.story import (
    AGREEMENT,
    BAKERY,
    BARBER,
    CARE,
    DIGEST,
    GARAGE,
    NOTICE,
    PARTNER,
    PRINTER,
    SCHOOLS_OWN,
    SURGERY,
    Story,
    mail_address,
)
from tests.journeys.year import BASE_URL, BOUNCES, Person, at
from tests.service.mail.reports import bounce_of

OF_THE_REGION = "name;from;until\nHerfst;2026-10-10;2026-10-18\nZomer;2027-07-10;2027-08-22\n"
"""Elsewhere in the region it is free a week earlier in autumn; the school's own list wins."""
EVENT = """\
BEGIN:VEVENT
UID:{name}@school.example
DTSTAMP:20260801T000000Z
DTSTART;VALUE=DATE:{first:%Y%m%d}
DTEND;VALUE=DATE:{end:%Y%m%d}
SUMMARY:{name}
END:VEVENT
"""


def school_calendar() -> bytes:
    """As a school's own program writes it."""
    events = "".join(
        EVENT.format(name=name, first=first, end=last + timedelta(days=1))
        for name, (first, last) in SCHOOLS_OWN.items()
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//School//Rooster//NL\n{events}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def september(story: Story) -> None:
    story.go_to(2026, 9, 1)
    open_the_season(story)
    story.go_to(2026, 9, 2)
    tell_who_one_is(story)
    story.go_to(2026, 9, 7)
    stop_an_overview(story)
    story.go_to(2026, 9, 14)
    farida = story.signed_in("farida")
    compute_a_run(story, farida)
    for name, host in (("Noor", BAKERY), ("Yassin", GARAGE), ("Daan", CARE)):
        story.approve(farida, name, host)
    story.year.tick()
    story.go_to(2026, 9, 15)
    answer_by_slip(story)
    story.go_to(2026, 9, 16)
    say_yes_as_host(story)
    say_not_now(story)
    story.go_to(2026, 9, 17)
    answer_with_codes(story)
    story.go_to(2026, 9, 18)
    propose_other_days(story)
    story.go_to(2026, 9, 21)
    path = f"/placements/{story.placement('Yassin').id}"
    story.signed_in("marieke").send(path, f"{path}/other-days/accept")
    story.year.tick()
    story.approve(story.signed_in("farida"), "Daan", SURGERY)
    story.go_to(2026, 9, 22)
    story.say_yes_by_slip("Yassin")
    story.say_yes_by_slip("Daan")
    story.go_to(2026, 9, 23)
    propose_days_in_vain(story)
    story.go_to(2026, 9, 25)
    link = story.link_to("kees", "/answer/host/")
    assert "You hear from us again in three working days" in story.year.press(link, "later")
    story.go_to(2026, 9, 28)
    story.approve(story.signed_in("farida"), "Sara", PARTNER)
    story.go_to(2026, 9, 30)
    said = story.year.press(story.link_to("kees", "/answer/host/"), "yes", company_supervisor="Een monteur")
    assert "You said yes" in said
    assert story.status("Yassin") is PlacementStatus.CONFIRMED
    story.year.tick()


def open_the_season(story: Story) -> None:
    """Lists of free days, a host that registers itself, and everybody's own choice of overviews."""
    admin = story.signed_in("beheer")
    taken = admin.browser.post("/free-days/import", data={"region": "north", "rows": OF_THE_REGION})
    assert "2 vrije periodes zijn overgenomen" in taken.text
    school = story.signed_in("marieke")
    files = {"file": ("rooster.ics", school_calendar(), "text/calendar")}
    taken = school.browser.post("/free-days/import", data={"school_id": str(story.school_id)}, files=files)
    assert "5 vrije periodes zijn overgenomen" in taken.text
    story.read_cards(school)
    farida = story.signed_in("farida")
    register_the_bakery(story, farida)
    choose_overviews(story, farida)


def register_the_bakery(story: Story, farida: Person) -> None:
    Person(story.year).send(
        "/organisations/new",
        "/organisations/new",
        name=BAKERY,
        kind="company",
        postcode="1068 ab",
        contact_name="Els",
        contact_email=mail_address("els"),
    )
    story.year.tick()
    els = story.person("els")
    invitation = story.link_to("els", "/sign-in/")
    els.send(invitation, invitation.removeprefix(BASE_URL))
    made = els.send(
        "/offers/new",
        "/offers/new",
        kind="orientation_placement",
        title="Meelopen in de bakkerij",
        text="Je helpt met brood en koekjes.",
        sectors=["HORECA"],
        profiles=["hbr"],
        positions="1",
        starts_on="2027-02-08",
        ends_on="2027-02-12",
        weekdays=list("12345"),
        hours_per_day="6",
        observe_only="no",
        supervised="yes",
        supervisor_name="Els de Bakker",
        **{f"z_{number}": "no" for number in range(1, 18)},
    )
    offer = made.headers["location"]
    els.send(offer, f"{offer}/publish")
    with story.year.session() as session:
        bakery_id = session.exec(select(Organisation.id).where(Organisation.name == BAKERY)).one()
    farida.send(f"/organisations/{bakery_id}", f"/organisations/{bakery_id}/admit")
    els.choose_overview("host", bakery_id, rhythm="monthly")


def choose_overviews(story: Story, farida: Person) -> None:
    """Mentor every two weeks, coordinator daily, partner on Thursday afternoon; others leave it as it is."""
    farida.choose_overview("programme", story.programme_id, rhythm="daily")
    story.signed_in("bilal").choose_overview("class", story.class_id, rhythm="fortnightly")
    with story.year.session() as session:
        partner_id = session.exec(select(Organisation.id).where(Organisation.name == PARTNER)).one()
    fatima = story.signed_in("fatima")
    fatima.choose_overview("host", partner_id, rhythm="weekly", weekday="4", at="16:45")
    story.year.tick()


def tell_who_one_is(story: Story) -> None:
    """Noor fills in her profile with the codes on her card."""
    noor = story.youth_signed_in("Noor")
    for step, typed in (
        ("wishes", {"wishes": ["HORECA", "ZORG"]}),
        ("place", {"pc4": "1068"}),
        ("travel", {"modes": ["bike"], "max_minutes": "30"}),
        ("check", {}),
    ):
        noor.send(f"/profile/{step}", f"/profile/{step}", **typed)


def stop_an_overview(story: Story) -> None:
    """Ans leaves with the button of her mail program; what she looked at before did nothing."""
    letter = story.came("ans", DIGEST, date(2026, 9, 7))
    assert "Stop" in story.year.look(letter.unsubscribe)
    story.year.leave_with_one_click(letter)
    story.year.leave_with_one_click(letter)


def compute_a_run(story: Story, farida: Person) -> None:
    farida.send("/runs", f"/programmes/{story.programme_id}/runs")
    story.year.tick()
    with story.year.session() as session:
        assert set(session.exec(select(Run.status))) == {RunStatus.DONE}


def answer_by_slip(story: Story) -> None:
    """What is printed is a picture of the link, and that link is a yes of Noor and of nobody else."""
    slips = story.signed_in("marieke").get("/answer-slips").text
    for name in ("Noor", "Daan"):
        drawn = segno.make(story.slip(name), micro=False, error="l").svg_inline(
            scale=2, border=2, light="#fff"
        )
        assert drawn in slips
    link = story.say_yes_by_slip("Noor")
    assert story.status("Daan") is PlacementStatus.OFFERED
    assert "You said yes" in story.year.press_in_vain(link, "no", decline_code="too_far")
    story.say_yes_by_slip("Daan")


def say_yes_as_host(story: Story) -> None:
    """Looked at, forged, taken for another sort, answered, and answered again."""
    link = story.kept["els"] = story.link_to("els", "/answer/host/")
    assert "May this youth come?" in story.year.look(link)
    for wrong in (
        link[:-4] + "abcd",
        link[:-1],
        link.replace("/host/", "/offer/"),
        f"{BASE_URL}/answer/host/x",
    ):
        assert "This link does not work" in story.year.look(wrong, status=404)
        story.year.press_in_vain(wrong, "yes", status=404)
    said = story.year.press(link, "yes", company_supervisor="Els de Bakker")
    assert "You said yes" in said
    assert story.status("Noor") is PlacementStatus.CONFIRMED
    for act in ("yes", "never", "later", "stop"):
        assert "You said yes" in story.year.press_in_vain(link, act)
    assert "You said yes" in story.year.press_in_vain(link, "no", decline_code="too_busy")
    story.year.tick()


def say_not_now(story: Story) -> None:
    said = story.year.press(story.link_to("piet", "/answer/host/"), "no", decline_code="too_busy")
    assert "not this time" in said
    assert story.status("Daan") is PlacementStatus.DECLINED_BY_HOST
    story.year.tick()


def answer_with_codes(story: Story) -> None:
    """Yassin signs in with his card and says yes on the page."""
    yassin = story.youth_signed_in("Yassin")
    path = f"/placements/{story.placement('Yassin').id}"
    yassin.send(path, f"{path}/accept")
    story.year.tick()


def propose_other_days(story: Story) -> None:
    link = story.kept["kees"] = story.link_to("kees", "/answer/host/")
    story.year.press(link, "other-days", status=422, starts_on="2027-03-26", ends_on="2027-03-22")
    said = story.year.press(link, "other-days", starts_on="2027-03-22", ends_on="2027-03-26")
    assert "You proposed other days" in said
    assert "You proposed other days" in story.year.press_in_vain(link, "yes")
    assert story.status("Yassin") is PlacementStatus.ACCEPTED
    story.year.tick()


def propose_days_in_vain(story: Story) -> None:
    """The days do not fit, so the school withdraws: who proposed them does not wait on."""
    link = story.link_to("tom", "/answer/host/")
    story.year.press(link, "other-days", starts_on="2027-07-05", ends_on="2027-07-09")
    story.year.tick()
    path = f"/placements/{story.placement('Daan').id}"
    story.signed_in("marieke").send(path, f"{path}/withdraw")
    story.year.tick()


def october(story: Story) -> None:
    """Silence: two reminders, somebody to phone, an end, and the next in line."""
    story.go_to(2026, 10, 1)
    story.say_yes_by_slip("Sara")
    link = story.link_to("fatima", "/answer/host/")
    story.go_to(2026, 10, 13)
    calls = story.signed_in("farida").get("/rescue").text
    assert PARTNER in calls
    assert "020 123" in calls
    story.go_to(2026, 10, 16, 9, 59)
    story.year.tick()
    assert story.status("Sara") is PlacementStatus.ACCEPTED
    story.go_to(2026, 10, 16, 10, 1)
    story.year.tick()
    assert story.status("Sara") is PlacementStatus.EXPIRED
    assert "The time to answer is over" in story.year.press_in_vain(link, "yes")
    with story.year.session() as session:
        meant_for = session.exec(
            select(Youth.first_name)
            .join(Suggestion, col(Suggestion.youth_id) == col(Youth.id))
            .join(Offer, col(Offer.id) == col(Suggestion.offer_id))
            .where(Offer.title == "Helpen in het buurthuis", col(Suggestion.allocated_at).is_not(None))
        ).all()
    assert meant_for == ["Lina"]
    story.go_to(2026, 10, 19)
    leave_a_stream(story)
    story.go_to(2026, 10, 26)
    story.year.tick_again()
    story.approve(story.signed_in("farida"), "Lina", PARTNER)
    story.go_to(2026, 10, 27)
    story.say_yes_by_slip("Lina")
    assert "no reminders" in story.year.press(story.link_to("fatima", "/answer/host/"), "stop")


def leave_a_stream(story: Story) -> None:
    """Fatima wants no messages any more; questions, overviews and what is agreed go on."""
    letter = story.came("fatima", NOTICE, date(2026, 10, 16))
    story.year.look(letter.unsubscribe)
    story.year.look(letter.unsubscribe[:-3] + "abc", status=404)
    story.year.leave_with_one_click(letter)


def held_back(story: Story, name: str) -> int:
    """Mail that was written and never left, since its reader does not want it or cannot get it."""
    with story.year.session() as session:
        held = select(Mail).where(Mail.recipient == mail_address(name), Mail.status == MailStatus.SUPPRESSED)
        return len(session.exec(held).all())


def november(story: Story) -> None:
    """A yes without a reminder, a never, and other days."""
    story.go_to(2026, 11, 2)
    story.approve(story.signed_in("farida"), "Omar", BARBER)
    story.go_to(2026, 11, 3)
    story.year.press(story.link_to("fatima", "/answer/host/"), "yes")
    assert story.status("Lina") is PlacementStatus.CONFIRMED
    story.say_yes_by_slip("Omar")
    assert held_back(story, "fatima") == 0
    assert story.came("fatima", AGREEMENT, date(2026, 11, 3)).invitation
    story.go_to(2026, 11, 4)
    link = story.link_to("wim", "/answer/host/")
    assert "We do not ask you any more" in story.year.press(link, "never")
    assert story.status("Omar") is PlacementStatus.DECLINED_BY_HOST
    with story.year.session() as session:
        barber = session.exec(select(Organisation).where(Organisation.name == BARBER)).one()
        assert barber.status is OrganisationStatus.PAUSED
    story.go_to(2026, 11, 12)
    path = f"/placements/{story.placement('Noor').id}"
    story.signed_in("marieke").send(
        f"{path}/days", f"{path}/days", starts_on="2027-02-15", ends_on="2027-02-19"
    )
    story.year.tick()


def december(story: Story) -> None:
    """A question over Christmas, to a host whose calendar knows only the national days off."""
    story.go_to(2026, 12, 7)
    compute_a_run(story, story.signed_in("farida"))
    story.go_to(2026, 12, 17)
    story.approve(story.signed_in("farida"), "Omar", PRINTER)
    story.go_to(2026, 12, 18)
    story.say_yes_by_slip("Omar")
    story.go_to(2026, 12, 28)
    story.year.tick_again()
    story.go_to(2026, 12, 30)
    story.year.press(story.link_to("nel", "/answer/host/"), "yes")
    story.year.tick()


def january(story: Story) -> None:
    """Another contact person, and a worker that stands still for a week."""
    story.go_to(2027, 1, 4)
    story.year.tick_again()
    story.go_to(2027, 1, 7)
    story.approve(story.signed_in("farida"), "Bas", PRINTER)
    story.go_to(2027, 1, 8)
    story.say_yes_by_slip("Bas")
    story.go_to(2027, 1, 11)
    hand_over(story)
    story.go_to(2027, 1, 12)
    story.year.press(story.link_to("henk", "/answer/host/"), "yes")
    story.year.tick()
    assert story.status("Bas") is PlacementStatus.CONFIRMED
    story.go_to(2027, 1, 13)
    story.approve(story.signed_in("farida"), "Eva", CARE)
    story.go_to(2027, 1, 14)
    story.say_yes_by_slip("Eva")
    story.go_to(2027, 1, 18, 12)
    story.year.is_down = True
    story.go_to(2027, 1, 26, 12)
    story.year.is_down = False
    story.year.tick()
    story.year.tick_again()
    story.go_to(2027, 1, 26, 13)
    story.year.press(story.link_to("piet", "/answer/host/"), "yes")
    story.year.tick()
    story.go_to(2027, 1, 27)
    assert "Noted" in story.year.press(story.link_to("marieke", "/answer/school/"), "done")


def hand_over(story: Story) -> None:
    """«Is it still you?» No: Henk takes over, and with it what Nel was asked on Friday."""
    host_link = story.link_to("nel", "/answer/host/")
    link = story.link_to("nel", "/answer/contact/")
    story.year.look(link)
    story.year.look(host_link)
    said = story.year.press(link, "hand-over", name="Henk", email=mail_address("henk"))
    assert "Your colleague takes over" in said
    assert "Your colleague takes over" in story.year.press_in_vain(link, "yes")
    assert "This link does not work" in story.year.look(host_link, status=404)
    story.year.press_in_vain(host_link, "yes", status=404)
    story.year.tick()
    invitation = story.link_to("henk", "/sign-in/")
    henk = story.person("henk")
    henk.send(invitation, invitation.removeprefix(BASE_URL))
    assert "Meedrukken" in henk.get("/offers").text


def february(story: Story) -> None:
    story.go_to(2027, 2, 1)
    letter = story.came("bilal", DIGEST, date(2027, 2, 1))
    story.year.look(letter.unsubscribe)
    story.year.leave_with_one_click(letter)
    story.go_to(2027, 2, 4)
    assert "This link does not work" in story.year.look(story.kept["els"], status=404)
    path = f"/placements/{story.placement('Noor').id}"
    story.signed_in("marieke").send(path, f"{path}/withdraw")
    story.year.tick()
    story.go_to(2027, 2, 19)
    said = story.year.press(story.link_to("piet", "/answer/contact/"), "yes")
    assert "Your details are confirmed for a year" in said


def march(story: Story) -> None:
    """Papers: later, to a colleague, done; and an offer that still holds."""
    story.go_to(2027, 3, 1)
    link = story.link_to("marieke", "/answer/school/")
    assert "three working days" in story.year.press(link, "later")
    story.go_to(2027, 3, 2)
    assert "Your offer is confirmed" in story.year.press(story.link_to("piet", "/answer/offer/"), "yes")
    story.go_to(2027, 3, 4)
    reminder = story.link_to("marieke", "/answer/school/")
    story.year.press(reminder, "hand-over", account_id=str(story.account_id("ans")))
    assert "This link does not work" in story.year.look(reminder, status=404)
    story.year.tick()
    story.go_to(2027, 3, 5)
    ans = story.signed_in("ans")
    story.note_papers(ans, "Yassin", date(2027, 3, 5))
    assert "Noted" in story.year.press(story.link_to("ans", "/answer/school/"), "done")
    story.go_to(2027, 3, 8)
    story.signed_in("bilal")
    story.go_to(2027, 3, 23)
    assert story.status("Yassin") is PlacementStatus.ACTIVE
    story.go_to(2027, 3, 30)
    story.year.tick_again()
    complete(story, "Yassin")


def complete(story: Story, name: str) -> None:
    path = f"/placements/{story.placement(name).id}"
    story.signed_in("marieke").send(path, f"{path}/complete")
    assert story.status(name) is PlacementStatus.COMPLETED


def spring(story: Story) -> None:
    """April and May: an offer that does not hold, papers over the holiday, days off on weekdays."""
    story.go_to(2027, 5, 3)
    assert "Your offer is paused" in story.year.press(story.link_to("henk", "/answer/offer/"), "no")
    with story.year.session() as session:
        assert (
            session.exec(select(Offer.status).where(Offer.title == "Meedrukken")).one() is OfferStatus.PAUSED
        )
    story.go_to(2027, 5, 10)
    school = story.signed_in("marieke")
    for name in ("Lina", "Eva"):
        story.note_papers(school, name, date(2027, 5, 10))
    assert "Noted" in story.year.press(story.link_to("marieke", "/answer/school/"), "done")
    story.go_to(2027, 5, 18)
    complete(story, "Lina")
    story.go_to(2027, 5, 25)
    school = story.signed_in("marieke")
    for name in ("Omar", "Bas"):
        story.note_papers(school, name, date(2027, 5, 25))
    story.year.press(story.link_to("marieke", "/answer/school/"), "done")
    story.go_to(2027, 5, 31)
    bounce(story)


def bounce(story: Story) -> None:
    """Joost's mailbox is gone: the report on Monday's overview holds those after it."""
    letter = story.came("joost", DIGEST, date(2027, 5, 31))
    with story.year.session() as session:
        number = letter.message_id.strip("<>").partition("@")[0]
        mail = session.exec(select(Mail).where(Mail.message_id == number)).one()
        story.year.bounce(bounce_of(mail, to=BOUNCES.replace("@", f"+{number}@")))
    story.year.tick()


def june(story: Story) -> None:
    """What bounced is held, the way in is not; somebody mends it."""
    story.go_to(2027, 6, 8)
    complete(story, "Eva")
    story.go_to(2027, 6, 14)
    assert "Not delivered" in story.signed_in("joost").get("/digests").text
    story.go_to(2027, 6, 28)
    admin = story.signed_in("beheer")
    held = re.findall(r'action="(/mails/held/[^"]+/lift)"', admin.get("/mails/held").text)
    assert len(held) == 1
    admin.send("/mails/held", held[0])
    assert held_back(story, "joost") == len(("7 June", "14 June", "21 June", "28 June"))
    story.year.go_to(at(date(2027, 7, 16), 12))


MONTHS = (september, october, november, december, january, february, march, spring, june)

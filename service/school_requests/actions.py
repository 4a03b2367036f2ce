"""Asking for matches, and closing a request."""

from uuid import UUID

from sqlmodel import Session

from service.audit.record import record
from service.core.actor import Actor
from service.core.errors import Invalid, require
from service.core.i18n import _
from service.programmes.lifecycle import PUBLIC
from service.programmes.models import Programme
from service.programmes.queries import takes_part
from service.school_requests import policy, queries
from service.school_requests.lifecycle import LIFECYCLE
from service.school_requests.models import SchoolRequest, SchoolRequestStatus, SchoolRequestYouth
from service.school_requests.schemas import SchoolRequestInput
from service.youth.models import SchoolClass
from service.youth.queries import get_class, members_of, programme_of


def create_school_request(session: Session, actor: Actor, new: SchoolRequestInput) -> SchoolRequest:
    school_class = get_class(session, policy.signed_in(actor), new.class_id)
    require(policy.may_ask_for(actor, school_class))
    programme = _programme(session, school_class)
    _check_fit(programme, new)
    members = {youth.id for youth in members_of(session, school_class.id)}
    if not members:
        raise Invalid({"class_id": _("There is nobody in this class yet. Add the youths first.")})
    if not set(new.youth_ids) <= members:
        raise Invalid({"youth_ids": _("Choose youths of this class.")})
    request = SchoolRequest(
        programme_id=programme.id,
        school_id=school_class.school_id,
        class_id=school_class.id,
        asked_by=actor.account_id,
        **new.model_dump(include={"kind", "starts_on", "ends_on", "note"}),
    )
    session.add(request)
    session.flush()
    for youth_id in dict.fromkeys(new.youth_ids):
        session.add(SchoolRequestYouth(school_request_id=request.id, youth_id=youth_id))
    record(session, actor, "school_request.created", request, youths=len(new.youth_ids), kind=new.kind)
    return request


def _programme(session: Session, school_class: SchoolClass) -> Programme:
    """The one of the class, as long as it goes on and the school takes part in it."""
    programme = programme_of(session, school_class)
    if programme is None or not takes_part(session, school_class.school_id, programme.id):
        raise Invalid({"class_id": _("This class is in no programme yet. Choose one on its page.")})
    if programme.status not in PUBLIC:
        raise Invalid({"class_id": _("The programme of this class is not open. Ask its coordinator.")})
    return programme


def _check_fit(programme: Programme, new: SchoolRequestInput) -> None:
    if new.kind not in programme.kinds:
        raise Invalid({"kind": _("This programme does not have this kind. Choose another one.")})
    if new.ends_on < programme.starts_on or new.starts_on > programme.ends_on:
        raise Invalid({"starts_on": _("These days are outside the season of the programme.")})


def close_school_request(session: Session, actor: Actor, request_id: UUID) -> SchoolRequest:
    request = queries.get_school_request(session, actor, request_id)
    require(policy.may_close(actor, request))
    session.refresh(request, with_for_update=True)
    LIFECYCLE.check(request.status, SchoolRequestStatus.CLOSED)
    request.status = SchoolRequestStatus.CLOSED
    session.add(request)
    record(session, actor, "school_request.closed", request)
    return request

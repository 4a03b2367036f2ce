"""Classes and their youths, for schools, mentors and coordinators."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from service.core.errors import Invalid, require
from service.core.i18n import _
from service.core.sheets import MOST_ROWS, Sheet, read_table
from service.reference.catalogue import catalogue
from service.reference.labels import label
from service.web.forms import Form, form_of
from service.web.listing import linked, page_number, sort_links
from service.web.page import Page, PageDep, query_text
from service.youth import actions, class_lists, policy, queries, wording
from service.youth.models import SchoolClass, Youth
from service.youth.schemas import MOST_WISHES, ClassInput, ListInput, YouthInput

router = APIRouter()
ClassForm = Annotated[Form[ClassInput], form_of(ClassInput)]
YouthForm = Annotated[Form[YouthInput], form_of(YouthInput)]
ListForm = Annotated[Form[ListInput], form_of(ListInput)]
PASTED = "pasted.txt"


@router.get("/classes")
def list_classes(page: PageDep) -> Response:
    policy.signed_in(page.actor)
    sort = query_text(page.request, "sort") or "name"
    found = queries.list_classes(
        page.session,
        page.actor,
        text=query_text(page.request, "q"),
        school_year=query_text(page.request, "school_year"),
        sort=sort,
        number=page_number(page.request),
    )
    return page.render(
        "youth/class_list.html",
        block="rows",
        list=linked(page.request, found),
        sorts=sort_links(page.request, tuple(queries.CLASS_SORTS), sort),
        school_years=queries.school_years(page.session, page.actor),
        filters=Form(ClassInput).fill(page.request.query_params),
        may_add=policy.may_add_class(page.actor),
        shows_school=len(page.actor.school_ids) != 1,
    )


@router.get("/classes/new")
def new_class(page: PageDep, form: ClassForm) -> Response:
    return _class_form(page, form)


@router.post("/classes/new")
def create_class(page: PageDep, form: ClassForm) -> Response:
    school_class = form.submit(partial(actions.create_class, page.session, page.actor))
    if school_class is None:
        return _class_form(page, form, status=422)
    page.say(_("The class is there. Now add its youths."))
    return page.see_other(f"/classes/{school_class.id}")


@router.get("/classes/{class_id}")
def show_class(page: PageDep, class_id: UUID) -> Response:
    school_class = queries.get_class(page.session, page.actor, class_id)
    sort, shown = query_text(page.request, "sort") or "first_name", query_text(page.request, "show") or "all"
    found = queries.list_youths(
        page.session,
        page.actor,
        class_id=class_id,
        shown=shown,
        text=query_text(page.request, "q"),
        sort=sort,
        number=page_number(page.request),
    )
    return page.render(
        "youth/class_detail.html",
        block="rows",
        line=queries.class_line(page.session, school_class),
        list=linked(page.request, found),
        sorts=sort_links(page.request, tuple(queries.YOUTH_SORTS), sort),
        shown=shown,
        counts=queries.count_youths(page.session, class_id),
        filters=Form(ClassInput).fill(page.request.query_params),
        words=wording,
        may_edit=policy.may_edit_class(page.actor, school_class),
        may_ask_mentor=policy.may_ask_mentor(page.actor, school_class),
        may_request=school_class.school_id in page.actor.school_ids or class_id in page.actor.class_ids,
    )


@router.get("/classes/{class_id}/edit")
def edit_class(page: PageDep, form: ClassForm, class_id: UUID) -> Response:
    school_class = _class_to_edit(page, class_id)
    form.fill(school_class.model_dump(include=set(ClassInput.model_fields)))
    return _class_form(page, form, school_class)


@router.post("/classes/{class_id}/edit")
def update_class(page: PageDep, form: ClassForm, class_id: UUID) -> Response:
    school_class = _class_to_edit(page, class_id)
    if form.submit(partial(actions.update_class, page.session, page.actor, class_id)) is None:
        return _class_form(page, form, school_class, status=422)
    return page.say(_("The class has been changed.")).see_other(f"/classes/{class_id}")


def _class_to_edit(page: Page, class_id: UUID) -> SchoolClass:
    school_class = queries.get_class(page.session, page.actor, class_id)
    require(policy.may_edit_class(page.actor, school_class))
    return school_class


def _class_form(
    page: Page, form: Form[ClassInput], school_class: SchoolClass | None = None, status: int = 200
) -> Response:
    require(school_class is not None or policy.may_add_class(page.actor))
    school_ids = {school_class.school_id} if school_class else page.actor.school_ids
    schools = queries.schools_of(page.session, page.actor)
    programmes = queries.programmes_to_choose(page.session, school_ids)
    return page.render(
        "youth/class_edit.html",
        form=form,
        school_class=school_class,
        schools=[(str(school.id), school.name) for school in schools],
        programmes=[(str(programme.id), programme.name) for programme in programmes],
        school_years=sorted({programme.school_year for programme in programmes}),
        status=status,
    )


@router.get("/classes/{class_id}/import")
def ask_list(page: PageDep, form: ListForm, class_id: UUID) -> Response:
    return _list_form(page, form, _class_to_edit(page, class_id))


@router.post("/classes/{class_id}/import")
def look_at_list(page: PageDep, form: ListForm, class_id: UUID) -> Response:
    """Shows what would happen; nothing is changed before somebody has seen it."""
    school_class = _class_to_edit(page, class_id)
    page.let_go()

    def look(typed: ListInput) -> Any:
        return actions.look_at_list(page.session, page.actor, class_id, _sheet(form, typed))

    found = form.submit(look)
    if found is None:
        return _list_form(page, form, school_class, 422)
    listed, differences = found
    return page.render(
        "youth/import_preview.html",
        school_class=school_class,
        listed=listed,
        differences=differences,
        rows=class_lists.as_text(listed.used),
        words=wording,
    )


@router.post("/classes/{class_id}/import/confirm")
def import_list(page: PageDep, form: ListForm, class_id: UUID) -> Response:
    school_class = _class_to_edit(page, class_id)
    page.let_go()

    def bring_in(typed: ListInput) -> Any:
        return actions.import_list(page.session, page.actor, class_id, _sheet(form, typed))

    if form.submit(bring_in) is None:
        return _list_form(page, form, school_class, 422)
    page.say(_("The class list is in. Print the cards with the codes now."))
    return page.see_other(f"/classes/{class_id}")


def _sheet(form: Form[ListInput], typed: ListInput) -> Sheet:
    upload = form.files.get("file")
    if upload is not None and upload.filename:
        return read_table(upload.filename, upload.file.read())
    if not typed.rows:
        raise Invalid({"file": _("Choose a file, or paste the list below.")})
    return read_table(PASTED, typed.rows.encode())


def _list_form(page: Page, form: Form[ListInput], school_class: SchoolClass, status: int = 200) -> Response:
    return page.render(
        "youth/import.html",
        form=form,
        school_class=school_class,
        columns=class_lists.COLUMNS,
        required=class_lists.REQUIRED,
        most_rows=MOST_ROWS,
        words=wording,
        status=status,
    )


@router.get("/classes/{class_id}/codes")
def print_codes(page: PageDep, class_id: UUID, youth: UUID | None = None) -> Response:
    secret = page.settings.secret_key.get_secret_value()
    school_class, cards = actions.cards_to_print(page.session, page.actor, class_id, secret, youth)
    address = f"{page.settings.base_url.rstrip('/')}/code"
    return page.render(
        "youth/codes.html",
        school_class=school_class,
        cards=cards,
        address=address.partition("://")[2],
        # The picture holds the address only: a code in an address would end up in logs and histories.
        picture=Markup(segno.make(address, micro=False).svg_inline(scale=3, border=2, light="#fff")),  # noqa: S704 drawn here
    )


@router.get("/classes/{class_id}/youths/new")
def new_youth(page: PageDep, form: YouthForm, class_id: UUID) -> Response:
    return _youth_form(page, form, _class_to_edit(page, class_id))


@router.post("/classes/{class_id}/youths/new")
def create_youth(page: PageDep, form: YouthForm, class_id: UUID) -> Response:
    school_class = _class_to_edit(page, class_id)
    youth = form.submit(partial(actions.create_youth, page.session, page.actor, class_id))
    if youth is None:
        return _youth_form(page, form, school_class, status=422)
    return page.say(_("The youth is in the class.")).see_other(f"/classes/{class_id}")


@router.get("/youths/{youth_id}")
def show_youth(page: PageDep, youth_id: UUID) -> Response:
    youth = queries.get_youth(page.session, page.actor, youth_id)
    return page.render(
        "youth/youth_detail.html",
        youth=youth,
        school_class=queries.class_of(page.session, youth),
        words=wording,
        may_edit=policy.may_edit_youth(page.actor, youth),
    )


@router.get("/youths/{youth_id}/edit")
def edit_youth(page: PageDep, form: YouthForm, youth_id: UUID) -> Response:
    youth = _youth_to_edit(page, youth_id)
    form.fill({**youth.model_dump(include=set(YouthInput.model_fields)), "birth": youth.birth})
    return _youth_form(page, form, queries.class_of(page.session, youth), youth)


@router.post("/youths/{youth_id}/edit")
def update_youth(page: PageDep, form: YouthForm, youth_id: UUID) -> Response:
    youth = _youth_to_edit(page, youth_id)
    if form.submit(partial(actions.update_youth, page.session, page.actor, youth_id)) is None:
        return _youth_form(page, form, queries.class_of(page.session, youth), youth, 422)
    return page.say(_("The profile has been changed.")).see_other(f"/youths/{youth_id}")


@router.post("/youths/{youth_id}/leave")
def leave_youth(page: PageDep, youth_id: UUID) -> Response:
    youth = actions.leave_youth(page.session, page.actor, youth_id)
    page.say(_("The youth has left the class and can no longer sign in."))
    return page.see_other(f"/classes/{youth.class_id}")


@router.post("/youths/{youth_id}/return")
def take_back_youth(page: PageDep, youth_id: UUID) -> Response:
    actions.take_back_youth(page.session, page.actor, youth_id)
    return page.say(_("The youth is back in the class.")).see_other(f"/youths/{youth_id}")


@router.post("/youths/{youth_id}/new-code")
def renew_code(page: PageDep, youth_id: UUID) -> Response:
    youth = actions.renew_code(page.session, page.actor, youth_id)
    page.say(_("There is a new code. The old card does not work any more: print this one."))
    return page.see_other(f"/classes/{youth.class_id}/codes?youth={youth.id}")


def _youth_to_edit(page: Page, youth_id: UUID) -> Youth:
    youth = queries.get_youth(page.session, page.actor, youth_id)
    require(policy.may_edit_youth(page.actor, youth))
    return youth


def _youth_form(
    page: Page,
    form: Form[YouthInput],
    school_class: SchoolClass,
    youth: Youth | None = None,
    status: int = 200,
) -> Response:
    known = catalogue()
    words = [code for code in form.values_of("wishes") if code and code not in known.sectors]
    return page.render(
        "youth/youth_edit.html",
        form=form,
        school_class=school_class,
        youth=youth,
        tracks=[(code, f"{code}: {label('tracks', code)}") for code in known.tracks],
        profiles=[(code, label("profiles", code)) for code in known.profiles],
        levels=[(code, label("levels", code)) for code in known.levels],
        wishes=[(code, wording.adult_wish_label(code)) for code in [*known.sectors, *words]],
        talents=_talents(form),
        kinds=[(code, label("kinds", code)) for code in known.kinds],
        words=wording,
        most_wishes=MOST_WISHES,
        status=status,
    )


def _talents(form: Form[YouthInput]) -> list[tuple[str, str]]:
    """Every talent, and whatever else the youth has among his tags."""
    first, languages, others = wording.talent_groups()
    listed = [*first, *others, *languages]
    own = [tag for tag in form.values_of("tags") if tag not in listed]
    return [(code, label("tags", code)) for code in [*own, *listed]]

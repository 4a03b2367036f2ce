"""States and policies of a programme in words, and the tone they are shown in."""

from service.core.i18n import Message, _
from service.programmes.models import ProgrammeStatus, VogPolicy

STATUS: dict[ProgrammeStatus, Message] = {
    ProgrammeStatus.DRAFT: _("Draft"),
    ProgrammeStatus.OPEN: _("Open for everybody"),
    ProgrammeStatus.MATCHING: _("Matching phase"),
    ProgrammeStatus.RUNNING: _("Season is on"),
    ProgrammeStatus.CLOSED: _("Closed"),
}
TONE: dict[ProgrammeStatus, str] = {
    ProgrammeStatus.DRAFT: "neutral",
    ProgrammeStatus.OPEN: "success",
    ProgrammeStatus.MATCHING: "info",
    ProgrammeStatus.RUNNING: "info",
    ProgrammeStatus.CLOSED: "neutral",
}
STEPS: dict[ProgrammeStatus, Message] = {
    ProgrammeStatus.OPEN: _("Open it for schools and companies"),
    ProgrammeStatus.MATCHING: _("Start the matching phase"),
    ProgrammeStatus.RUNNING: _("Start the season"),
    ProgrammeStatus.CLOSED: _("Close the programme"),
}
VOG: dict[VogPolicy, Message] = {
    VogPolicy.NONE: _("Not asked"),
    VogPolicy.SELF_DECLARED: _("The company says that it has one"),
    VogPolicy.SEEN: _("Somebody of the programme has seen it"),
}

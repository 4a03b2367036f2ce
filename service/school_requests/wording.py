"""States in words."""

from service.core.i18n import _
from service.school_requests.models import SchoolRequestStatus

STATUS = {
    SchoolRequestStatus.OPEN: _("Open"),
    SchoolRequestStatus.MATCHING: _("Being matched"),
    SchoolRequestStatus.FILLED: _("Filled"),
    SchoolRequestStatus.CLOSED: _("Closed"),
}
TONE = {
    SchoolRequestStatus.OPEN: "warning",
    SchoolRequestStatus.MATCHING: "info",
    SchoolRequestStatus.FILLED: "success",
    SchoolRequestStatus.CLOSED: "neutral",
}

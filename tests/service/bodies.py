"""For each route that wants one a body that is right; «{class_id}» stands for the identifier of a thing."""

from typing import Any

from tests.service.conftest import REASON

PROGRAMME = {
    "name": "On Stage",
    "region": "Amsterdam",
    "school_year": "2026-2027",
    "kinds": ["orientation_placement"],
    "starts_on": "2026-09-01",
    "ends_on": "2027-06-30",
}
YOUTH = {"external_id": "NR77", "first_name": "Mila", "birth": "2011-04"}
REQUEST = {
    "class_id": "{class_id}",
    "kind": "orientation_placement",
    "starts_on": "2027-02-01",
    "ends_on": "2027-03-31",
}
CLASS = {"name": "3C", "school_year": "2026-2027", "school_id": "{school_id}"}
HOST = {
    "name": "Fietsenmaker De Spaak",
    "kind": "company",
    "contact_name": "Jan",
    "contact_email": "jan@example.nl",
}
OFFER = {"kind": "orientation_placement", "title": "Een dag mee", "organisation_id": "{organisation_id}"}
SEEN: dict[str, Any] = {"seen": [REASON["code"]]}
BODIES: dict[str, dict[str, Any]] = {
    "POST /sign-in": {"email": "els@example.nl"},
    "POST /language": {"language": "en"},
    "POST /code": {"class_code": "{class_code}", "personal_code": "{personal_code}"},
    "POST /account": {"name": "Nieuwe Naam"},
    "POST /account/tokens": {"purpose": "Rooster", "days": "30"},
    "POST /people/invite": {
        "role": "mentor",
        "place": "{class_id}",
        "name": "Sam",
        "email": "sam@example.nl",
    },
    "POST /programmes/new": PROGRAMME,
    "POST /programmes/{programme_id}/edit": PROGRAMME,
    "POST /api/v1/programmes": PROGRAMME,
    "PUT /api/v1/programmes/{programme_id}": PROGRAMME,
    "POST /api/v1/programmes/{programme_id}/status": {"status": "matching"},
    "POST /classes/new": CLASS,
    "POST /classes/{class_id}/edit": {"name": "3D", "school_year": "2026-2027"},
    "POST /classes/{class_id}/import": {"rows": "{rows}"},
    "POST /classes/{class_id}/import/confirm": {"rows": "{rows}"},
    "POST /classes/{class_id}/youths/new": YOUTH,
    "POST /youths/{youth_id}/edit": YOUTH,
    "POST /api/v1/classes": CLASS,
    "PUT /api/v1/classes/{class_id}": {"name": "3D", "school_year": "2026-2027"},
    "POST /api/v1/classes/{class_id}/youths": YOUTH,
    "POST /api/v1/classes/{class_id}/import": {"rows": [{"external_id": "N1", "first_name": "Mo"}]},
    "PUT /api/v1/youths/{youth_id}": YOUTH,
    "POST /free-days/import": {"school_id": "{school_id}", "rows": "name;from\nStudiedag;2026-11-04"},
    "POST /free-days/periods": {"school_id": "{school_id}", "name": "Studiedag", "starts_on": "2026-11-04"},
    "POST /mails/again": {"reason": "HardBounce 5.1.1"},
    "POST /profile/wishes": {"wishes": ["HORECA"]},
    "POST /profile/place": {"pc4": "1068"},
    "POST /profile/travel": {"modes": ["bike"]},
    "POST /school-requests/new": REQUEST,
    "POST /api/v1/school-requests": REQUEST,
    "POST /api/v1/runs": {"programme_id": "{programme_id}"},
    "POST /explanations": {"youth_id": "{youth_id}", "offer_id": "{offer_id}"},
    "POST /api/v1/explanations": {"youth_id": "{youth_id}", "offer_id": "{offer_id}"},
    "POST /suggestions/{suggestion_id}/refuse": {"refusal_code": "too_far"},
    "POST /suggestions/{suggestion_id}/approve": SEEN,
    "POST /suggestions/{suggestion_id}/replace": SEEN | {"replacement_id": "{other_suggestion_id}"},
    "POST /api/v1/suggestions/{suggestion_id}/refuse": {"refusal_code": "too_far"},
    "POST /api/v1/suggestions/{suggestion_id}/approve": SEEN,
    "POST /api/v1/suggestions/{suggestion_id}/replace": SEEN | {"replacement_id": "{other_suggestion_id}"},
    "POST /placements/{placement_id}/decline": {"decline_code": "too_far"},
    "POST /placements/{placement_id}/refuse": {"decline_code": "too_busy"},
    "POST /api/v1/placements/{placement_id}/decline": {"decline_code": "too_far"},
    "POST /api/v1/placements/{placement_id}/confirm": {},
    "POST /api/v1/placements/{placement_id}/refuse": {"decline_code": "too_busy"},
    "POST /placements/{placement_id}/days": {"starts_on": "2027-03-01", "ends_on": "2027-03-05"},
    "POST /placements/{placement_id}/other-days": {"starts_on": "2027-03-01", "ends_on": "2027-03-05"},
    "POST /api/v1/placements/{placement_id}/other-days": {"starts_on": "2027-03-01", "ends_on": "2027-03-05"},
    "POST /answer/host/{token}/other-days": {"starts_on": "2027-03-01", "ends_on": "2027-03-05"},
    "POST /unsubscribe/{token}/rhythm": {"rhythm": "monthly"},
    "POST /answer/host/{token}/cap": {"monthly_cap": "4"},
    "POST /answer/host/{token}/no": {"decline_code": "too_busy"},
    "POST /answer/youth/{token}/no": {"decline_code": "too_far"},
    "POST /answer/host/{token}/hand-over": {"name": "Sam", "email": "sam@example.nl"},
    "POST /answer/contact/{token}/hand-over": {"name": "Sam", "email": "sam@example.nl"},
    "POST /answer/school/{token}/hand-over": {"account_id": "{staff_id}"},
    "POST /rescue/{organisation_id}/notes": {"code": "calls_back"},
    "POST /api/v1/organisations/{organisation_id}/contact-notes": {"code": "calls_back"},
    "PUT /api/v1/placements/{placement_id}/agreement": {"risk_inventory": True},
    "POST /api/v1/placements/{placement_id}/days": {"starts_on": "2027-03-01", "ends_on": "2027-03-05"},
    "POST /organisations/new": HOST | {"postcode": "1068"},
    "POST /organisations/{organisation_id}/edit": {
        name: text for name, text in HOST.items() if name != "kind"
    },
    "POST /organisations/{organisation_id}/locations": {"postcode": "1069"},
    "POST /api/v1/organisations": {
        "name": "Fietsenmaker De Spaak",
        "kind": "company",
        "contact": {"name": "Jan", "email": "jan@example.nl"},
        "locations": [{"postcode": "1068"}],
    },
    "PATCH /api/v1/organisations/{organisation_id}": {"name": "Bakkerij Zonnebloem en Zoon"},
    "POST /offers/new": OFFER,
    "POST /offers/{offer_id}/edit": OFFER,
    "POST /offers/{offer_id}/steps/{step}": {"supervised": "yes", "supervisor_name": "Els"},
    "POST /api/v1/offers": OFFER,
    "PUT /api/v1/offers/{offer_id}": OFFER,
    "POST /digests/subscription": {"place_id": "{school_id}", "weekday": "2", "at": "08:00"},
    "POST /digests/subscription/pause": {"place_id": "{school_id}"},
    "POST /digests/subscription/resume": {"place_id": "{school_id}"},
    "POST /digests/extra": {"place_id": "{school_id}"},
}


def filled(value: Any, things: dict[str, str]) -> Any:
    if isinstance(value, str):
        return things[value[1:-1]] if value.startswith("{") else value
    if isinstance(value, list):
        return [filled(one, things) for one in value]
    if isinstance(value, dict):
        return {name: filled(one, things) for name, one in value.items()}
    return value

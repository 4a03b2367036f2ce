"""Who may use which route on things of their own: the promise that the policy walk holds the code to.

A admin, C coordinator, S school staff, M mentor, H host, Y youth, G guest. A plus behind a role: also on
things of somebody else, because the role sees them all, or because they are public.
"""

TABLE = """
ACSMHYG         GET  /health
ACSMHYG         GET  /ready
ACSMHYG         GET  /metrics
ACSMHYG         GET  /api/v1/openapi.json
ACSMHYG         GET  /
ACSMHYG         GET  /about
ACSMHYG         GET  /uitleg
ACSMHYG         GET  /privacy
ACSMHYG         GET  /accessibility
ACSMHYG         GET  /toegankelijkheid
ACSMHYG         GET  /.well-known/security.txt
ACSMHYG         GET  /robots.txt
ACSMHYG         GET  /stijl
ACSMHYG         GET  /stijl/suggestions
ACSMHYG         GET  /words
ACSMHYG         GET  /sign-in
ACSMHYG         POST /sign-in
ACSMHYG         GET  /sign-in/sent
A+C+S+M+H+Y+G+  GET  /sign-in/{token}
A+C+S+M+H+Y+G+  POST /sign-in/{token}
ACSMHYG         POST /sign-out
ACSMHYG         POST /language
ACSMHYG         GET  /code
A+C+S+M+H+Y+G+  POST /code
ACSMHYG         GET  /organisations/registered
A+C+S+M+H+Y+G+  GET  /unsubscribe/{token}
A+C+S+M+H+Y+G+  POST /unsubscribe/{token}
A+C+S+M+H+Y+G+  GET  /calendar/{token}.ics
ACSMHY          GET  /calendar
ACSMHY          POST /calendar
ACSMHY          POST /calendar/revoke
A+C+S+M+H+Y+G+  GET  /answer/host/{token}
A+C+S+M+H+Y+G+  POST /answer/host/{token}/yes
A+C+S+M+H+Y+G+  POST /answer/host/{token}/other-days
A+C+S+M+H+Y+G+  POST /answer/host/{token}/no
A+C+S+M+H+Y+G+  POST /answer/host/{token}/never
A+C+S+M+H+Y+G+  POST /answer/host/{token}/later
A+C+S+M+H+Y+G+  POST /answer/host/{token}/stop
A+C+S+M+H+Y+G+  GET  /answer/youth/{token}
A+C+S+M+H+Y+G+  POST /answer/youth/{token}/yes
A+C+S+M+H+Y+G+  POST /answer/youth/{token}/no
A+C+S+M+H+Y+G+  GET  /unsubscribe/{stream}/{reader}/{proof}
A+C+S+M+H+Y+G+  POST /unsubscribe/{stream}/{reader}/{proof}
A+C+S+M+H+Y+G+  POST /unsubscribe/{stream}/{reader}/{proof}/back

ACSMHY   GET  /account
ACSMH    POST /account
ACSMHY   POST /account/sign-out-everywhere
S        POST /account/sessions/{session_id}/end
ACSMH    POST /account/tokens
S        POST /account/tokens/{token_id}/revoke
ACSMHY   GET  /api/v1/me
ACSH     GET  /people
ACSH     GET  /people/invite
AS       POST /people/invite
AS       POST /people/memberships/{membership_id}/end
A        POST /people/{account_id}/withdraw-admin
A        POST /people/{account_id}/close
A        POST /people/{account_id}/open

ACSMHYG         GET  /programmes
A               GET  /programmes/new
A               POST /programmes/new
A+C+S+M+H+Y+G+  GET  /programmes/{programme_id}
AC              GET  /programmes/{programme_id}/edit
AC              POST /programmes/{programme_id}/edit
AC              POST /programmes/{programme_id}/status/{status}
ACSMHYG         GET  /api/v1/programmes
A               POST /api/v1/programmes
A+C+S+M+H+Y+G+  GET  /api/v1/programmes/{programme_id}
AC              PUT  /api/v1/programmes/{programme_id}
AC              POST /api/v1/programmes/{programme_id}/status

ACSMHY   GET  /classes
S        GET  /classes/new
S        POST /classes/new
CSM      GET  /classes/{class_id}
S        GET  /classes/{class_id}/edit
S        POST /classes/{class_id}/edit
S        GET  /classes/{class_id}/import
S        POST /classes/{class_id}/import
S        POST /classes/{class_id}/import/confirm
S        GET  /classes/{class_id}/codes
S        GET  /classes/{class_id}/youths/new
S        POST /classes/{class_id}/youths/new
CSMY     GET  /youths/{youth_id}
S        GET  /youths/{youth_id}/edit
S        POST /youths/{youth_id}/edit
S        POST /youths/{youth_id}/leave
S        POST /youths/{youth_id}/return
S        POST /youths/{youth_id}/new-code
ACSMHY   GET  /api/v1/classes
S        POST /api/v1/classes
CSM      GET  /api/v1/classes/{class_id}
S        PUT  /api/v1/classes/{class_id}
S        POST /api/v1/classes/{class_id}/youths
S        POST /api/v1/classes/{class_id}/import
ACSMHY   GET  /api/v1/youths
CSMY     GET  /api/v1/youths/{youth_id}
S        PUT  /api/v1/youths/{youth_id}

Y        GET  /profile
Y        GET  /profile/wishes
Y        POST /profile/wishes
Y        GET  /profile/words
Y        POST /profile/words
Y        GET  /profile/meant
Y        POST /profile/meant
Y        GET  /profile/order
Y+       POST /profile/order/{wish}/up
Y+       POST /profile/order/{wish}/drop
Y        GET  /profile/talents
Y        POST /profile/talents
Y        GET  /profile/place
Y        POST /profile/place
Y        GET  /profile/travel
Y        POST /profile/travel
Y        GET  /profile/days
Y        POST /profile/days
Y        GET  /profile/check
Y        POST /profile/check

CSM      GET  /school-requests
SM       GET  /school-requests/new
SM       POST /school-requests/new
CSM      GET  /school-requests/{request_id}
CSM      POST /school-requests/{request_id}/close
CS       POST /school-requests/{request_id}/runs
CSM      GET  /api/v1/school-requests
SM       POST /api/v1/school-requests
CSM      GET  /api/v1/school-requests/{request_id}
CSM      POST /api/v1/school-requests/{request_id}/close

CSM      GET  /runs
C        POST /programmes/{programme_id}/runs
CSM      GET  /runs/{run_id}
CSM      GET  /runs/{run_id}/progress
C        POST /runs/{run_id}/stop
CSM      GET  /youths-with-nothing
C        GET  /desk
ACSM     GET  /bottlenecks
ACSM     GET  /bottlenecks/{programme_id}
C        POST /bottlenecks/{programme_id}/renew
AC       GET  /bottlenecks/{programme_id}/recruiting-list/{format}
C        GET  /bottlenecks/youths/{bottleneck_id}
AC       GET  /fairness/{programme_id}
AC       GET  /api/v1/programmes/{programme_id}/bottlenecks
AC       GET  /api/v1/programmes/{programme_id}/recruiting-list
AC       GET  /api/v1/programmes/{programme_id}/audit
CSM      GET  /suggestions
CSM      GET  /suggestions/{suggestion_id}
C        POST /suggestions/{suggestion_id}/refuse
C        POST /suggestions/{suggestion_id}/approve
C        POST /suggestions/{suggestion_id}/replace
CSMY     GET  /youths/{youth_id}/help
A+C+H    GET  /offers/{offer_id}/help
C        GET  /explanations
C        POST /explanations
C        GET  /explanations/{question_id}
Y        GET  /my-suggestions
Y        POST /my-suggestions/ask
ACSMHY   GET  /api/v1/runs
C        POST /api/v1/runs
CSM      GET  /api/v1/runs/{run_id}
C        POST /api/v1/runs/{run_id}/stop
CSMY     GET  /api/v1/youths/{youth_id}/help
C        POST /api/v1/explanations
C        GET  /api/v1/explanations/{question_id}
ACSMHY   GET  /api/v1/suggestions
CSMY     GET  /api/v1/suggestions/{suggestion_id}
C        POST /api/v1/suggestions/{suggestion_id}/refuse
C        POST /api/v1/suggestions/{suggestion_id}/approve
C        POST /api/v1/suggestions/{suggestion_id}/replace

ACSMHY   GET  /placements
CSMHY    GET  /placements/{placement_id}
Y        POST /placements/{placement_id}/accept
Y        POST /placements/{placement_id}/decline
H        POST /placements/{placement_id}/confirm
H        POST /placements/{placement_id}/refuse
CS       POST /placements/{placement_id}/withdraw
H        POST /placements/{placement_id}/other-days
CSMHY    GET  /placements/{placement_id}/calendar.ics
CS       GET  /placements/{placement_id}/agreement
CS       POST /placements/{placement_id}/agreement
CS       POST /placements/{placement_id}/agree
CS       POST /placements/{placement_id}/start
CS       POST /placements/{placement_id}/complete
CS       POST /placements/{placement_id}/end-early
CS       POST /placements/{placement_id}/no-show
CS       GET  /placements/{placement_id}/days
CS       POST /placements/{placement_id}/days
CS       POST /placements/{placement_id}/other-days/accept
CS       POST /placements/{placement_id}/other-days/refuse
ACSMHY   GET  /api/v1/placements
CSMHY    GET  /api/v1/placements/{placement_id}
Y        POST /api/v1/placements/{placement_id}/accept
Y        POST /api/v1/placements/{placement_id}/decline
H        POST /api/v1/placements/{placement_id}/confirm
H        POST /api/v1/placements/{placement_id}/refuse
CS       POST /api/v1/placements/{placement_id}/withdraw
H        POST /api/v1/placements/{placement_id}/other-days
CS       GET  /api/v1/placements/{placement_id}/agreement
CS       PUT  /api/v1/placements/{placement_id}/agreement
CS       POST /api/v1/placements/{placement_id}/agree
CS       POST /api/v1/placements/{placement_id}/start
CS       POST /api/v1/placements/{placement_id}/complete
CS       POST /api/v1/placements/{placement_id}/end-early
CS       POST /api/v1/placements/{placement_id}/no-show
CS       POST /api/v1/placements/{placement_id}/days
CS       POST /api/v1/placements/{placement_id}/other-days/accept
CS       POST /api/v1/placements/{placement_id}/other-days/refuse

ACSH     GET  /organisations
ACHG     GET  /organisations/new
ACHG     POST /organisations/new
A+C+H    GET  /organisations/{organisation_id}
A+C+H    GET  /organisations/{organisation_id}/edit
A+C+H    POST /organisations/{organisation_id}/edit
A+C+H    POST /organisations/{organisation_id}/confirm
A+C+     POST /organisations/{organisation_id}/admit
A+C+H    POST /organisations/{organisation_id}/pause
A+C+H    POST /organisations/{organisation_id}/resume
A+C+H    POST /organisations/{organisation_id}/close
A+C+H    POST /organisations/{organisation_id}/locations
A+C+H    POST /organisations/{organisation_id}/locations/{location_id}/remove
ACSH     GET  /api/v1/organisations
ACH      POST /api/v1/organisations
A+C+H    GET  /api/v1/organisations/{organisation_id}
A+C+H    PATCH /api/v1/organisations/{organisation_id}
A+C+H    POST /api/v1/organisations/{organisation_id}/confirm
A+C+     POST /api/v1/organisations/{organisation_id}/admit

ACSMHYG  GET  /offers
ACH      GET  /offers/new
A+C+H    POST /offers/new
ACH      POST /offers/check
A+C+H    GET  /offers/{offer_id}
A+C+H    GET  /offers/{offer_id}/edit
A+C+H    POST /offers/{offer_id}/edit
A+C+H    POST /offers/{offer_id}/publish
A+C+H    POST /offers/{offer_id}/pause
A+C+H    POST /offers/{offer_id}/close
A+C+H    POST /offers/{offer_id}/confirm
A+C+H    POST /offers/{offer_id}/copy
ACSMHY   GET  /api/v1/offers
A+C+H    POST /api/v1/offers
A+C+H    GET  /api/v1/offers/{offer_id}
A+C+H    PUT  /api/v1/offers/{offer_id}
A+C+H    POST /api/v1/offers/{offer_id}/publish
A+C+H    POST /api/v1/offers/{offer_id}/pause
A+C+H    POST /api/v1/offers/{offer_id}/close
A+C+H    POST /api/v1/offers/{offer_id}/copy
A+C+H    POST /api/v1/offers/{offer_id}/confirm

ACS      GET  /digests
S        GET  /digests/subscription
S        POST /digests/subscription
S        POST /digests/subscription/pause
S        POST /digests/subscription/resume
ACS      GET  /digests/{digest_id}
ACS      GET  /api/v1/digests
ACS      GET  /api/v1/digests/{digest_id}
A        GET  /mails
A        POST /mails/again
A        GET  /mails/held
A        POST /mails/held/{suppression_id}/lift
A        GET  /mails/{mail_id}
A        POST /mails/{mail_id}/again
A        GET  /mails/{mail_id}/message.eml
A        GET  /unknown-words
A        GET  /unknown-words/list.csv
A        GET  /unknown-words/{word_id}
A        POST /unknown-words/{word_id}
A        POST /unknown-words/{word_id}/drop
"""


OF_OTHERS = "+"


def read_table() -> dict[str, dict[str, bool]]:
    """Per route the letters of its roles, and for each whether it may touch what is somebody else's."""
    lines = [line.split() for line in TABLE.splitlines() if line]
    return {f"{method} {path}": _letters(roles) for roles, method, path in lines}


def _letters(roles: str) -> dict[str, bool]:
    followed = zip(roles, f"{roles[1:]} ", strict=True)
    return {letter: after == OF_OTHERS for letter, after in followed if letter != OF_OTHERS}

"""The one place where features meet the web."""

from collections.abc import Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from service import tables
from service.accounts import api as accounts_api
from service.accounts import pages as accounts_pages
from service.accounts import sessions, sign_in_pages
from service.calendars import pages as calendars_pages
from service.core.db import make_engine
from service.core.logs import start_logging
from service.core.rate_limit import RateLimiter
from service.core.settings import Settings
from service.digests import all_at_once
from service.digests import api as digests_api
from service.digests import pages as digests_pages
from service.home import navigation, places
from service.home import pages as home_pages
from service.insights import api as insights_api
from service.insights import pages as insights_pages
from service.mail import pages as mail_pages
from service.mail.rendering import UNSUBSCRIBE_PATH
from service.matchmaking import api as matchmaking_api
from service.matchmaking import pages as matchmaking_pages
from service.offers import api as offers_api
from service.offers import form_pages as offer_form_pages
from service.offers import pages as offers_pages
from service.organisations import api as organisations_api
from service.organisations import pages as organisations_pages
from service.placements import answer_pages, calendar_pages, following_pages, rescue_pages, slip_pages
from service.placements import api as placements_api
from service.placements import pages as placements_pages
from service.programmes import api as programmes_api
from service.programmes import pages as programmes_pages
from service.reference import labels as reference
from service.reference import pages as reference_pages
from service.school_requests import api as school_requests_api
from service.school_requests import pages as school_requests_pages
from service.web import assets, openapi, ops, problems, style_guide, templating
from service.web.head import HeadMiddleware
from service.web.language import LanguageMiddleware
from service.web.ops import MeasureMiddleware
from service.web.security import SecurityMiddleware
from service.web.sizes import LARGEST_DRAINED, SizeMiddleware
from service.web.turns import TurnMiddleware
from service.youth import api as youth_api
from service.youth import code_pages, profile_pages
from service.youth import pages as youth_pages

PAGES: Sequence[APIRouter] = (
    ops.router,
    home_pages.router,
    style_guide.router,
    sign_in_pages.router,
    accounts_pages.router,
    programmes_pages.router,
    youth_pages.router,
    code_pages.router,
    profile_pages.router,
    school_requests_pages.router,
    matchmaking_pages.router,
    placements_pages.router,
    following_pages.router,
    answer_pages.router,
    calendar_pages.router,
    rescue_pages.router,
    slip_pages.router,
    organisations_pages.router,
    digests_pages.router,
    insights_pages.router,
    mail_pages.router,
    calendars_pages.router,
    reference_pages.router,
    offer_form_pages.router,
    offers_pages.router,
)
API: Sequence[APIRouter] = (
    accounts_api.router,
    programmes_api.router,
    youth_api.router,
    school_requests_api.router,
    matchmaking_api.router,
    placements_api.router,
    organisations_api.router,
    digests_api.router,
    insights_api.router,
    offers_api.router,
)
"""Mounted under /api/v1."""

DESCRIPTION = (
    "The same acts as the pages, for programs. Sign in with a personal token: `Authorization: Bearer …`."
)


def create_app(settings: Settings) -> FastAPI:
    assert tables.METADATA.tables, "the schema is complete before the first request"
    engine = make_engine(settings.database_url)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> Any:
        yield
        engine.dispose()

    docs = "/api/v1" if settings.is_development else None
    app = FastAPI(
        title="Podium",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url=f"{docs}/openapi.json" if docs else None,
        docs_url=None,
        redoc_url=None,
        max_body_size=LARGEST_DRAINED,
    )
    app.state.settings = settings
    app.state.engine = engine
    app.state.rate_limiter = RateLimiter()
    app.state.load_actor = sessions.load_actor
    app.state.places = places.AllPlaces()
    app.state.overviews = all_at_once.AllOverviews()
    app.state.navigation = navigation.entries
    for router in PAGES:
        app.include_router(router, include_in_schema=False)
    for router in API:
        app.include_router(router, prefix="/api/v1", responses=dict(openapi.PROBLEMS))
    app.mount("/static", assets.files())
    problems.install(app)
    openapi.describe(app)
    # The last is the outermost: a refusal too is worded, protected and counted.
    app.add_middleware(HeadMiddleware)
    app.add_middleware(TurnMiddleware)
    app.add_middleware(SizeMiddleware)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.hosts)
    app.add_middleware(
        SecurityMiddleware,
        has_https=settings.has_https,
        # Mail programs post this from nowhere; the signed link says for whom (docs/decisions/0003).
        open_paths=frozenset({f"{UNSUBSCRIBE_PATH}/"}),
    )
    app.add_middleware(LanguageMiddleware)
    app.add_middleware(MeasureMiddleware)
    templating.add_words(
        {
            "label": reference.label,
            "youth_label": reference.youth_label,
        }
    )
    return app


def from_environment() -> FastAPI:
    """What the server starts: settings from the environment, logs to standard error."""
    settings = Settings()
    start_logging(settings)
    return create_app(settings)

"""Imports every models.py, so that the schema is complete."""

from sqlmodel import SQLModel

import service.accounts.models
import service.audit.models
import service.calendars.models
import service.core.jobs
import service.digests.models
import service.insights.models
import service.mail.models
import service.matchmaking.models
import service.offers.models
import service.organisations.models
import service.placements.models
import service.programmes.models
import service.reference.models
import service.school_requests.models
import service.youth.models

METADATA = SQLModel.metadata

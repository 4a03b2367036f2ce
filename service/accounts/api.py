"""JSON about oneself; tokens and people are managed on pages only."""

from fastapi import APIRouter

from service.accounts import queries
from service.accounts.schemas import MeOutput
from service.web.page import ActorDep

router = APIRouter(tags=["accounts"])


@router.get("/me")
def get_me(actor: ActorDep) -> MeOutput:
    """Who the token or cookie stands for, and with which roles."""
    return queries.get_me(actor)

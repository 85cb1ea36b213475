"""For the platform: is the process alive, can it answer."""

from fastapi import APIRouter

from service.api.context import ContextDep
from service.api.problems import responses
from service.api.schemas import Health

router = APIRouter(tags=["health"])


@router.get("/livez", summary="Is the process alive")
def livez() -> Health:
    """Answer as long as the process can; a restart would help if it did not."""
    return Health(status="ok")


@router.get("/readyz", summary="Can it answer", responses=responses(503))
def readyz(context: ContextDep) -> Health:
    """Answer when the database is reachable and its tables are those of this program."""
    context.store.require_current()
    return Health(status="ready")

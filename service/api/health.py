"""Health checks for the platform: is the process alive, and can it answer."""

from fastapi import APIRouter

from service.api.http.context import ContextDep
from service.api.http.problems import responses
from service.api.schemas.health import Health
from service.resolution.recalibration import waiting
from service.syncs.synclog import held_back

router = APIRouter(tags=["health"])

HELD = "a sync is held back, because too many records would go; `samebox check` and GET /v1/syncs say which"

HELD_CALIBRATION = "a calibration or the rules of a new version wait for a person; `samebox calibrate` shows them"


@router.get("/livez", summary="Is the process alive", responses=responses(421), response_model_exclude_none=True)
async def livez() -> Health:
    """Answer as long as the process can; a restart would help if it did not."""
    return Health(status="ok")


@router.get("/readyz", summary="Can it answer", responses=responses(421, 503), response_model_exclude_none=True)
def readyz(context: ContextDep) -> Health:
    """
    Answer when the database is reachable and its tables are those of this program.

    A sync or a calibration that is held makes it no less ready; `detail` says that there is one, and not more: anybody
    may ask.
    """
    context.world.store.require_current()
    waits = [HELD] * bool(held_back(context.world)) + [HELD_CALIBRATION] * bool(waiting(context.world))
    return Health(status="ready", detail="; ".join(waits) or None)

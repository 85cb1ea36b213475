"""The application as it is put together: what it is given, who may ask, what its document says."""

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from service.app import create_app
from service.core.server_settings import ServerSettings
from service.core.settings import Settings, SyncSettings
from service.store.world import World
from tests.service.api.conftest import application, asking
from tests.service.reports.fleets import empty_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a world with nothing in it."""
    return empty_world(tmp_path)


def test_the_document_says_that_a_key_is_needed(world: World) -> None:
    """Where keys are required all but the health checks ask for one; elsewhere it is optional."""
    document = application(world, keys_required=True).openapi()

    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert document["paths"]["/livez"]["get"]["security"] == []
    assert document["paths"]["/v1/devices"]["get"]["security"] == [{"key": ["read"]}]
    assert application(world).openapi()["paths"]["/v1/devices"]["get"]["security"] == [{"key": ["read"]}, {}]


def test_the_calls_get_the_world_and_the_settings_of_the_application(world: World) -> None:
    """What is set for syncs holds for those that are begun over HTTP; a call waits for less long than a command."""
    settings = Settings(sync=SyncSettings(full_every_hours=3), server=ServerSettings(wait_seconds=0.5))
    app = create_app(world, settings, keys_required=False)

    assert app.state.context.world == World(
        replace(world.store, patience=500), world.settings_policy, world.now, world.new_id, world.processes
    )
    assert app.state.context.sync_rules.full_every_hours == 3
    assert app.openapi()["info"]["version"] == version("samebox")


def test_with_keys_the_service_has_any_name(world: World) -> None:
    """Behind a proxy it is not called localhost; without keys any other name is refused."""
    host = {"Host": "samebox.example"}
    answers = []
    for keys_required in (True, False):
        with asking(application(world, keys_required=keys_required)) as client:
            answers.append(client.get("/v1/devices", headers=host).status_code)

    assert answers == [401, 421]

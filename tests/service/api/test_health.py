"""What a platform is told, and what callers are told when the database is away."""

from pathlib import Path

import pytest

from matching.policy import OnConflict, Policy
from service.api.health import HELD_CALIBRATION
from service.resolution.upgrading import upgrade
from tests.service.api.conftest import LAPTOP, Client, application, asking, seeded_world
from tests.service.sandbox import Sandbox, record
from tests.service.stores import opened
from tests.service.upgrades.former import left_by_other_rules

QUESTIONS = [
    ("GET", "/readyz", None),
    ("GET", "/metrics", None),
    ("GET", "/v1/devices", None),
    ("GET", "/v1/lookup?identifier=4711", None),
    ("GET", "/v1/explain?left=cw_manage:4711&right=cw_rmm:A/17", None),
    ("GET", "/v1/reports/coverage", None),
    ("POST", "/v1/records", {**LAPTOP, "provider": "edr", "id": "1"}),
    ("DELETE", "/v1/records/cw_manage/4711", None),
]


def test_a_healthy_service_says_so(client: Client) -> None:
    """Alive and ready."""
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_tables_that_are_behind_make_it_not_ready(tmp_path: Path) -> None:
    """A database without our tables: alive, not ready, and the sentence says what to run."""
    world = Sandbox(tmp_path, store=opened(f"sqlite:///{tmp_path / 'new.db'}"))
    with asking(application(world)) as client:
        assert client.get("/livez").status_code == 200
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "schema-behind")
        assert "samebox db upgrade" in answer.json()["detail"]


def test_search_terms_of_other_rules_make_it_not_ready(tmp_path: Path) -> None:
    """They would not find what is there: the sentence says what to run."""
    world = seeded_world(tmp_path)
    left_by_other_rules(world, Policy(islands=4))
    with asking(application(world)) as client:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "schema-behind")
        assert "samebox db upgrade" in answer.json()["detail"]
        upgrade(world)
        assert client.get("/readyz").json() == {"status": "ready"}


def test_a_held_calibration_is_told_without_making_the_service_unready(tmp_path: Path) -> None:
    """Also where it is the rules of a new version that wait."""
    world = Sandbox(tmp_path)
    world.take_in(*(record(key, macs=["3C:52:82:00:00:01"], hostname=key[0] * 5) for key in ("a:1", "b:1")))
    left_by_other_rules(world, Policy(mac_against_name=OnConflict.JOIN))
    upgrade(world)
    with asking(application(world)) as client:
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["detail"]) == (200, HELD_CALIBRATION)
        assert "samebox_calibration_held 1.0" in client.get("/metrics").text


@pytest.mark.parametrize(
    ("method", "path", "body"), QUESTIONS, ids=[f"{m} {p.partition('?')[0]}" for m, p, _ in QUESTIONS]
)
def test_a_database_that_is_away_is_a_problem(tmp_path: Path, method: str, path: str, body: object) -> None:
    """Whatever is asked while the database cannot be used: a 503 that tells neither its address nor a statement."""
    world = seeded_world(tmp_path)
    with asking(application(world)) as client:
        world.store.engine.dispose()
        for file in tmp_path.iterdir():
            file.unlink()
        (tmp_path / "samebox.db").write_bytes(b"this is no database" * 1000)

        answer = client.request(method, path, json=body)

        assert answer.status_code == 503
        assert client.get("/livez").status_code == 200
        assert str(tmp_path) not in answer.text
        assert "SELECT" not in answer.text

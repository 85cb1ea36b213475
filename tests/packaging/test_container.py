"""The image and the compose file: what can be held of them where no container runs."""

import json
import re
import shutil
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml  # type: ignore[import-untyped]

from service.core.settings import known_settings, load_settings, secret_settings
from tests.end_to_end.commands import PATIENCE, rest_of, start
from tests.service.conftest import RECORDS, ndjson

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()

EXCEPTIONS: dict[str, str] = {}
"""Rule of hadolint -> why the Dockerfile may break it."""

READ_ONLY = """
mount --make-rprivate / &&
mount --bind "$PWD" "$PWD" &&
mount -o remount,bind,ro / || exit 99
cd "$PWD" && ! touch "$0/probe" 2>/dev/null && exec "$@"
"""
"""Runs a command where only the folder is written, as in a container with a read-only file system ($0: outside it)."""


def test_the_linter_finds_nothing_in_the_dockerfile() -> None:
    """hadolint, with its shell checks; an exception needs a reason."""
    ignored = [argument for rule in EXCEPTIONS for argument in ("--ignore", rule)]
    hadolint = str(Path(sys.executable).with_name("hadolint"))
    ran = subprocess.run(
        [hadolint, "--no-color", "--failure-threshold", "style", *ignored, str(ROOT / "Dockerfile")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stdout) == (0, "")


def test_the_image_runs_as_a_user_without_a_setting_that_a_secret_file_would_contradict() -> None:
    """A value and a file for one setting are refused: the image must not set what compose gives as a file."""
    set_there = re.findall(r"^\s+(\w+__\w+)=", DOCKERFILE, re.M)

    assert set(set_there) == {"Server__Host", "Server__Port"}
    assert re.search(r"^USER 10001$", DOCKERFILE, re.M)
    assert re.search(r"^VOLUME /data$", DOCKERFILE, re.M)
    assert re.search(r"^WORKDIR /data$", DOCKERFILE, re.M)
    assert load_settings(None, {}).database.url == "sqlite:///samebox.db"  # relative: in /data
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)) == {"python:3.13-slim-bookworm"}


@cache
def compose(*, with_connectwise: bool = False) -> dict[str, Any]:
    """Return the compose file; with the marks of comments taken away where it says how to read ConnectWise Manage."""
    text = re.sub(r"^( *)# (?=- |  |\w+: |\w+:$)", r"\1", COMPOSE, flags=re.M) if with_connectwise else COMPOSE
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def test_both_services_are_closed_up() -> None:
    """Read-only but for volumes and /tmp, no new privileges, no capabilities, a health check, an image by version."""
    services = compose()["services"]

    assert set(services) == {"database", "server"}
    for service in services.values():
        assert service["read_only"] is True
        assert "/tmp" in service["tmpfs"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["cap_drop"] == ["ALL"]
        assert not service.get("privileged")
    assert services["database"]["user"] == "postgres"
    assert services["database"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert "HEALTHCHECK" in DOCKERFILE
    assert services["server"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert re.fullmatch(r"postgres:\d+-\w+", services["database"]["image"])
    assert "ports" not in services["database"]
    assert all(port.startswith("127.0.0.1:") for port in services["server"]["ports"])


def test_volumes_hold_what_has_to_last() -> None:
    """The tables of PostgreSQL, and what a person mounts for Samebox; each is declared."""
    mounted = [volume.split(":") for each in compose()["services"].values() for volume in each["volumes"]]

    assert mounted == [["database", "/var/lib/postgresql/data"], ["data", "/data"]]
    assert set(compose()["volumes"]) == {"database", "data"}


@pytest.mark.parametrize("with_connectwise", [False, True])
def test_every_setting_is_one_and_every_secret_comes_from_a_file(*, with_connectwise: bool) -> None:
    """No secret stands in the file; each that a service reads is declared and given to it."""
    whole = compose(with_connectwise=with_connectwise)
    given = whole["services"]["server"]["environment"]
    keys = {name.removesuffix("_FILE").replace("__", ":"): name.endswith("_FILE") for name in given}

    assert len(keys) == (6 if with_connectwise else 1)
    assert keys.keys() <= {each.key for each in known_settings()}
    assert {key for key, from_file in keys.items() if from_file} == keys.keys() & set(secret_settings())
    for service in whole["services"].values():
        files = {value for name, value in service["environment"].items() if name.endswith("_FILE")}
        assert files == {f"/run/secrets/{name}" for name in service["secrets"]}
        assert set(service["secrets"]) <= set(whole["secrets"])
    assert {name: each["file"] for name, each in whole["secrets"].items()} == {
        name: f"secrets/{name}" for service in whole["services"].values() for name in service["secrets"]
    }


def test_the_settings_of_the_compose_file_are_read(tmp_path: Path) -> None:
    """With ConnectWise Manage, and with secrets that are written as the guide says."""
    environment = dict(compose(with_connectwise=True)["services"]["server"]["environment"])
    for name, value in environment.items():
        if name.endswith("_FILE"):
            secret = tmp_path / Path(value).name
            secret.write_text("postgresql://samebox:f00@database:5432/samebox\n" if "Url" in name else "s3cret\n")
            environment[name] = str(secret)
    settings = load_settings(None, environment)

    assert settings.database.url == "postgresql://samebox:f00@database:5432/samebox"
    assert settings.providers.connect_wise_manage is not None
    assert settings.providers.connect_wise_manage.api_private_key.get_secret_value() == "s3cret"


@pytest.fixture
def read_only(tmp_path: Path) -> tuple[str, ...]:
    """Return what runs a command in a folder where nothing else can be written."""
    if not (unshare := shutil.which("unshare")):
        pytest.skip("no unshare here")
    through = (unshare, "--mount", "sh", "-c", READ_ONLY, str(ROOT))
    probe = subprocess.run([*through, "true"], cwd=tmp_path, capture_output=True, check=False)
    if probe.returncode:
        pytest.skip(f"no read-only file system here: {probe.stderr.decode().strip()}")
    return through


def test_only_the_folder_of_the_data_and_the_one_for_temporary_files_are_written(
    tmp_path: Path, read_only: tuple[str, ...]
) -> None:
    """On a read-only file system. The folder stands for /data, and holds one that stands for /tmp."""
    (tmp_path / "tmp").mkdir()
    feed = ndjson(tmp_path / "feed.ndjson", *RECORDS)
    settings = {"TMPDIR": str(tmp_path / "tmp"), "PYTHONDONTWRITEBYTECODE": "1", "Server__Port": "0"}
    commands = (
        ("import", feed),
        ("report", "duplicates", "--format", "csv", "--out", "report.csv"),
        ("db", "backup", "copy.db"),
        ("match", feed, "--out", "matched"),
    )
    for command in commands:
        process = start(tmp_path, *command, settings=settings, through=read_only)
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, errors
    process = start(tmp_path, "serve", settings=settings, through=read_only)
    hanging = threading.Timer(PATIENCE, process.kill)
    hanging.start()
    try:
        assert process.stderr
        [address] = re.findall(r"http://[0-9.]+:\d+", json.loads(process.stderr.readline())["event"])
        pushed = httpx.post(f"{address}/v1/records", json={"records": RECORDS[:1]}, trust_env=False)
        alive = httpx.get(f"{address}/livez", trust_env=False)
        process.terminate()
        rest_of(process)
    finally:
        hanging.cancel()
        process.kill()
        process.communicate()

    assert (alive.status_code, pushed.is_success) == (200, True)

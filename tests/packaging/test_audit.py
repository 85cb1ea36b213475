"""The audit of the locked dependencies fails where a vulnerability is known, and says so where nobody can be asked."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
AUDIT = ROOT / "requirements" / "audit.py"

verdict = runpy.run_path(str(AUDIT))["verdict"]

SOUND = {"name": "anyio", "version": "4.16.0", "vulns": []}
UNKNOWN = {"name": "ours", "skip_reason": "Dependency not found on PyPI and could not be audited: ours (1.0)"}
BROKEN = {
    **{"name": "jinja2", "version": "3.1.2"},
    "vulns": [{"id": "PYSEC-2024-1", "aliases": ["CVE-2024-22195"], "fix_versions": ["3.1.3"], "description": "XSS"}],
}


def said(*dependencies: dict[str, Any]) -> str:
    """Return what pip-audit writes of some dependencies."""
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_a_vulnerability_fails_with_its_names_and_the_version_that_mends_it() -> None:
    """Also where nothing is known of another dependency."""
    assert verdict(said(SOUND, UNKNOWN, BROKEN), "Found 1 known vulnerability in 1 package") == (
        1,
        ["jinja2 3.1.2: PYSEC-2024-1, CVE-2024-22195; mended in 3.1.3"],
    )


def test_sound_dependencies_pass_and_those_that_nobody_knows_are_named() -> None:
    """A dependency that was not looked at is not taken for a sound one."""
    assert verdict(said(SOUND), "") == (0, ["audit: no vulnerability is known in 1 locked dependencies"])
    assert verdict(said(SOUND, UNKNOWN), "") == (
        0,
        ["audit: no vulnerability is known in 1 locked dependencies; nothing is known about ours"],
    )


def test_an_index_without_data_is_no_audit() -> None:
    """A mirror may answer 404 for everything, which pip-audit calls no known vulnerabilities."""
    assert verdict(said(UNKNOWN), "No known vulnerabilities found") == (
        0,
        ["audit skipped: the index has no data about any of the locked dependencies"],
    )


def test_a_lock_that_cannot_be_audited_fails() -> None:
    """A dependency without a hash is a defect of the lock, not of the network."""
    code, [line] = verdict("", "ERROR:pip_audit._cli:requirement anyio has no hash\n")

    assert (code, line) == (2, "audit failed: ERROR:pip_audit._cli:requirement anyio has no hash")


@pytest.mark.parametrize(
    ("lock", "code", "beginning"),
    [
        ("anyio==4.16.0 --hash=sha256:" + "0" * 64, 0, "audit skipped: the data about vulnerabilities cannot be had ("),
        ("anyio==4.16.0", 2, "audit failed: "),
        ("anyio>=4 --hash=sha256:" + "0" * 64, 2, "audit failed: "),
    ],
    ids=["no network", "no hash", "no version"],
)
def test_without_a_network_one_line_is_told(lock: str, code: int, beginning: str, tmp_path: Path) -> None:
    """Run as `make audit` runs it, through a proxy that is not there; a bad lock fails before anybody is asked."""
    (tmp_path / "lock.txt").write_text(f"{lock}\n")
    nowhere = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), "http://127.0.0.1:1") | {"NO_PROXY": "", "no_proxy": ""}
    ran = subprocess.run(
        [sys.executable, AUDIT, tmp_path / "lock.txt"],
        env={**os.environ, **nowhere, "XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stdout) == (code, "")
    assert ran.stderr.startswith(beginning)
    assert len(ran.stderr.splitlines()) == 1


def test_make_check_audits_what_is_shipped_and_what_builds_it() -> None:
    """The locks of the program and of its wheel."""
    rules = (ROOT / "Makefile").read_text()

    assert "check: lint types audit test" in rules
    assert "requirements/audit.py requirements/run.txt requirements/build.txt" in rules

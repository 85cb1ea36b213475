"""The wheel in an empty environment, away from the checkout: what it installs, and that the demo runs from it."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.end_to_end.commands import PATIENCE

ROOT = Path(__file__).parents[2]
BUILD = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
PLACES = "import sys, matching, service; print(matching.__file__, service.__file__, *sys.path, sep=chr(10))"
DEPENDENCIES = "dependencies.pth"


def run(folder: Path, *command: object) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, without settings and import paths from outside."""
    outside = {name: value for name, value in os.environ.items() if "__" not in name}
    for name in ("PYTHONPATH", "PYTHONHOME", "SAMEBOX_SETTINGS"):
        outside.pop(name, None)
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=outside,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def run_well(folder: Path, *command: object) -> str:
    """Run a command that must succeed; the value is its standard output."""
    ran = run(folder, *command)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Build the wheel and install it, nothing else, into an environment of its own; the value is its site-packages.

    As the Dockerfile does it: the build back end of this environment, then pip from outside. Nothing is downloaded.
    """
    folder = tmp_path_factory.mktemp("wheel")
    run_well(ROOT, sys.executable, "-c", BUILD, folder)
    [wheel] = folder.glob("*.whl")
    venv.create(folder / "environment", symlinks=os.name != "nt")
    python = folder / "environment" / "bin" / "python"
    install = ("install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", wheel)
    run_well(folder, sys.executable, "-m", "pip", "--isolated", "--python", python, *install)
    return Path(run_well(folder, python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())


@pytest.fixture(scope="module")
def python(site: Path) -> Path:
    """
    Add the run-time dependencies of the test environment; the value is the interpreter with the wheel.

    A line of a `.pth` file names a folder whose own `.pth` files are not read, so the editable install of the checkout
    stays invisible; a test holds that.
    """
    dependencies = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / DEPENDENCIES).write_text("\n".join(sorted(dependencies)))
    return site.parents[2] / "bin" / "python"


def test_the_wheel_installs_two_packages_and_no_other(site: Path) -> None:
    """`fixtures` is another project's name; the demo's data lie inside its own package."""
    installed = {path.name for path in site.iterdir() if path.suffix != ".dist-info"} - {DEPENDENCIES}

    assert installed == {"matching", "service"}


def test_nothing_of_the_checkout_is_in_reach(python: Path, site: Path, tmp_path: Path) -> None:
    """Both packages are the installed ones, no path leads to the checkout, and `fixtures` cannot be imported."""
    matching, service, *search_path = run_well(tmp_path, python, "-c", PLACES).splitlines()
    fixtures = run(tmp_path, python, "-c", "import fixtures")

    assert [matching, service] == [str(site / name / "__init__.py") for name in ("matching", "service")]
    assert str(ROOT) not in search_path
    assert fixtures.stderr.strip().endswith("ModuleNotFoundError: No module named 'fixtures'")


def test_the_installed_demo_runs_from_its_own_data(python: Path, site: Path, tmp_path: Path) -> None:
    """It syncs the feeds that the wheel brought, and resolves them as exactly as in the checkout."""
    demo = run(tmp_path, python.with_name("samebox"), "demo", "--no-serve")

    assert demo.returncode == 0, demo.stderr
    assert f"the RMM feeds are files in {site / 'service' / 'demo' / 'fixtures' / 'feeds'}" in demo.stderr
    assert re.search(r"pairwise precision\s+1\.0000", demo.stdout)
    assert (tmp_path / "samebox-demo" / "reports" / "duplicates.csv").is_file()
    assert (tmp_path / "samebox-demo" / "invoice.csv").is_file()

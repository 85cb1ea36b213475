"""
Look for known vulnerabilities in locked dependencies: `python requirements/audit.py LOCK...`.

Exit codes: 0 none is known, or nobody can be asked; 1 some are known; 2 a lock cannot be audited. Nothing is installed:
the locks have hashes and name every dependency.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

COMMAND = ("-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json")

NO_NETWORK = re.compile(r"requests\.exceptions\.|ConnectionError|ServiceError|TimeoutError")
"""What the last lines of pip-audit hold where the data cannot be had."""


def verdict(output: str, errors: str) -> tuple[int, list[str]]:
    """Return the exit code, and what to tell, of what pip-audit wrote to standard output and standard error."""
    last = (errors.strip().splitlines() or ["it says nothing"])[-1]
    try:
        dependencies: Sequence[dict[str, Any]] = json.loads(output)["dependencies"]
    except ValueError:
        if NO_NETWORK.search(errors):
            return 0, [f"audit skipped: the data about vulnerabilities cannot be had ({last[:200]})"]
        return 2, [f"audit failed: {last}"]
    if found := [line for each in dependencies for line in _vulnerable(each)]:
        return 1, found
    unknown = [each["name"] for each in dependencies if "skip_reason" in each]
    if len(unknown) == len(dependencies):
        return 0, ["audit skipped: the index has no data about any of the locked dependencies"]
    asked = f"audit: no vulnerability is known in {len(dependencies) - len(unknown)} locked dependencies"
    return 0, [asked + (f"; nothing is known about {', '.join(unknown)}" if unknown else "")]


def _vulnerable(dependency: dict[str, Any]) -> Iterator[str]:
    for each in dependency.get("vulns", ()):
        names = ", ".join([each["id"], *each.get("aliases", ())])
        mended = ", ".join(each.get("fix_versions", ())) or "no version yet"
        yield f"{dependency['name']} {dependency['version']}: {names}; mended in {mended}"


def main(locks: Sequence[str]) -> int:
    """Audit the locks together, tell what is found, and return the exit code."""
    named = [argument for lock in locks for argument in ("--requirement", lock)]
    command = [sys.executable, *COMMAND, *named]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - paths of ours
    code, lines = verdict(ran.stdout, ran.stderr)
    print(*lines, sep="\n", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

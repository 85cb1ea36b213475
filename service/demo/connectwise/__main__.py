"""Serve a file of configurations as ConnectWise Manage would, to try with curl."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from service.demo.connectwise.faults import Fault
from service.demo.connectwise.named_faults import NAMED_FAULTS, named_fault
from service.demo.connectwise.schema import ApiRow
from service.demo.connectwise.server import create_fake, running

COMPANY_ID, PUBLIC_KEY, PRIVATE_KEY = "mycompany", "pub", "priv"
CLIENT_ID = "00000000-0000-0000-0000-000000000000"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted. Returns 2 when the file or the port cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m service.demo.connectwise", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE", help="a JSON array of configurations")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument(
        "--fault",
        metavar="NAME",
        help="do to every request what a real server may do: " + "; ".join(map(_described, NAMED_FAULTS)),
    )
    options = parser.parse_args(arguments)
    try:
        fault = named_fault(options.fault) if options.fault else None
        _serve(_configurations(options.file), options.port, fault)
    except KeyboardInterrupt:
        return 0
    except (OSError, ValueError) as error:
        print(f"{options.file}, port {options.port}: {error}", file=sys.stderr)
        return 2
    return 0


def _configurations(file: Path) -> list[ApiRow]:
    content = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise ValueError("a JSON array of objects is expected")
    return content


def _described(name: str) -> str:
    fault = NAMED_FAULTS[name]
    number = f"[={fault.number}]" if fault.number else ""
    return f"{name}{number} ({fault.about})"


def _serve(configurations: list[ApiRow], port: int, fault: Fault | None) -> None:
    app = create_fake(
        configurations,
        company_id=COMPANY_ID,
        public_key=PUBLIC_KEY,
        private_key=PRIVATE_KEY,
        client_id=CLIENT_ID,
    )
    if fault:
        app.state.faults.plan(fault, times=None)
    with running(app, port=port) as url:
        print(f"{len(configurations)} configurations at {url}; end with Ctrl-C. Try:")
        print(
            f"  curl -i -u '{COMPANY_ID}+{PUBLIC_KEY}:{PRIVATE_KEY}' -H 'clientId: {CLIENT_ID}'"
            f" '{url}/company/configurations?pageSize=2&fields=id,name'",
            flush=True,
        )
        Event().wait()


if __name__ == "__main__":
    sys.exit(main())

"""The web's message types are those of the server."""

from __future__ import annotations

import subprocess
import sys

from tests.service import ROOT


def test_the_committed_types_are_current() -> None:
    script = ROOT / "web/scripts/wire_types.py"
    committed = (ROOT / "web/src/wire.ts").read_text(encoding="utf-8")
    rendered = subprocess.run(
        [sys.executable, "-c", f"import runpy; print(runpy.run_path({str(script)!r})['render'](), end='')"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout
    assert committed == rendered, "run .venv/bin/python web/scripts/wire_types.py"

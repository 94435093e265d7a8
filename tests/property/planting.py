"""Does a suite see a fault? One line of the product is spoilt in a copy, and the suite runs there, uncompiled.

What a reader would get wrong: a run that fails is the good outcome. Unspoilt the suite must pass, so that what
fails is the fault; that run is also what shows that the kernels work without a compiler.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.service import ROOT

Done = subprocess.CompletedProcess[str]

#: what a copy does without
_LEFT_OUT: Final = ("__pycache__", "web", "chaos", "api", "replay", "bench", "simulator")


@dataclass(frozen=True)
class Fault:
    """``spoilt`` in place of the ``sound`` code of a file of `smartreise`; where that is "", at the file's end."""

    file: str
    sound: str
    spoilt: str

    def plant(self, product: Path) -> None:
        path = product / self.file
        text = path.read_text(encoding="utf-8")
        assert self.sound in text, f"the code has changed: plant anew: {self}"
        spoilt = text.replace(self.sound, self.spoilt) if self.sound else f"{text}\n\n{self.spoilt}"
        path.write_text(spoilt, encoding="utf-8")


@dataclass(frozen=True)
class Suite:
    """The tests of a file that ``choice`` names, as pytest's -k does, on so many drawn examples each."""

    file: str
    choice: str
    examples: int
    #: what it prints where a promise is broken, and not where it cannot run
    breach: str = "assert"
    #: other files whose tests count as well
    more: tuple[str, ...] = ()

    def run(self, folder: Path, fault: Fault | None = None) -> Done:
        """On a copy in ``folder``, with a fault or sound."""
        for name in ("smartreise", "tests"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        if fault is not None:
            fault.plant(folder / "smartreise")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-c", os.devnull]
        command += ["--rootdir=.", "-W", "ignore", "-m", "not long", "-k", self.choice, self.file, *self.more]
        environment = {
            **os.environ,
            "NUMBA_DISABLE_JIT": "1",
            "PYTHONPATH": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # loading them takes as long as a suite
            "SMARTREISE_EXAMPLES": str(self.examples),
            "CI": "true",  # the same examples each time: a fault is caught always or never
        }
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

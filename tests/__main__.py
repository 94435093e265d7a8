"""All tests, in two processes side by side: those of the pages in a browser, and the others.

What pytest is told on the command line is run in one process, as it is.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import Final

_PYTEST: Final = (sys.executable, "-m", "pytest", "--durations=15", "--durations-min=5")
_PAGES: Final = "tests/web"


def main(arguments: list[str]) -> int:
    """pytest's exit code, the worse of two. The tests of the pages are printed when the others are done."""
    if arguments:
        return subprocess.run([*_PYTEST, *arguments], check=False).returncode
    with tempfile.TemporaryFile() as printed:
        with subprocess.Popen([*_PYTEST, _PAGES], stdout=printed, stderr=subprocess.STDOUT) as pages:
            others = subprocess.run([*_PYTEST, "--ignore", _PAGES], check=False).returncode
        printed.seek(0)
        sys.stdout.flush()
        sys.stdout.buffer.write(printed.read())
    return max(others, pages.returncode, key=abs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

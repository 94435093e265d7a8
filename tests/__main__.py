"""All tests, in lanes side by side: most of their time they wait for pages, for processes and for feeds.

What pytest is told on the command line is run in one process, as it is.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from typing import Final

_PYTEST: Final = (sys.executable, "-m", "pytest", "--durations=15", "--durations-min=5")
#: folders whose tests have a process of their own; all others together have the last one
_LANES: Final = (("tests/web",), ("tests/chaos", "tests/contract"))


def main(arguments: list[str]) -> int:
    """pytest's exit code, the worst of all. The last lane is printed as it goes, the others when it is done."""
    if arguments:
        return subprocess.run([*_PYTEST, *arguments], check=False).returncode
    ignored = [f"--ignore={folder}" for lane in _LANES for folder in lane]
    with ExitStack() as stack:
        started = []
        for lane in _LANES:
            printed = stack.enter_context(tempfile.TemporaryFile())
            child = subprocess.Popen([*_PYTEST, *lane], stdout=printed, stderr=subprocess.STDOUT)
            started.append((stack.enter_context(child), printed))
        codes = [subprocess.run([*_PYTEST, *ignored], check=False).returncode]
        for child, printed in started:
            codes.append(child.wait())
            printed.seek(0)
            sys.stdout.flush()
            sys.stdout.buffer.write(printed.read())
            sys.stdout.flush()
    return max(codes, key=abs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

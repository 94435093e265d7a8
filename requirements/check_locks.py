"""Holds the lock files to their promises: every package once and hashed, no index or download address."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def python_faults(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    faults = [f"{path.name}: names an address: {found}" for found in re.findall(r"https?://\S+", text)]
    seen: dict[str, str] = {}
    for block in re.split(r"\n(?=[a-zA-Z0-9])", text):
        head = re.match(r"([A-Za-z0-9._-]+)==(\S+?)(?: ; (.*?))? \\", block)
        if not head:
            continue
        name, version, marker = head.group(1).lower(), head.group(2), head.group(3) or ""
        if "--hash=sha256:" not in block:
            faults.append(f"{path.name}: {name} {version} has no hash")
        if seen.get(f"{name};{marker}", version) != version or (not marker and f"{name};" in seen):
            faults.append(f"{path.name}: {name} is locked twice")
        seen[f"{name};{marker}"] = version
    if not seen:
        faults.append(f"{path.name}: no package found")
    return faults


def web_faults(path: Path) -> list[str]:
    packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
    where = path.relative_to(ROOT)
    faults = [f"{where}: {name} names its address" for name, entry in packages.items() if "resolved" in entry]
    return faults + [
        f"{where}: {name} has no hash" for name, entry in packages.items() if name and "integrity" not in entry
    ]


def main() -> int:
    faults = [
        fault for name in ("run", "trace", "dev", "audit") for fault in python_faults(ROOT / f"requirements/{name}.txt")
    ]
    folders = ("web", "tests/web/engines")
    faults += [fault for folder in folders for fault in web_faults(ROOT / folder / "package-lock.json")]
    print("\n".join(faults) or "lock files: hashed, unique, no addresses")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

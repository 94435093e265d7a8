"""Audits what is installed and what is written: advisories for Python and npm packages, rules of our own for the code.

    python requirements/audit.py [--sbom]

What is found fails. Where an advisory service cannot be asked, one line says so, and the rest goes on. Nothing waits
longer than LONGEST_S for an answer.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv" / "audit" / "bin"
#: seconds for an advisory service, all of its packages together
LONGEST_S = 20
#: seconds for the rules, which ask nobody; only a machine that stands still takes so long
RULES_S = 300
LOCKS = ("run", "trace")
#: the lock file that holds all of the others that the product runs with
WHOLE = "trace"


@dataclass
class Verdict:
    """`found` fails the audit; `unasked` is told loudly and does not."""

    what: str
    found: list[str] = field(default_factory=list)
    unasked: str = ""

    def told(self) -> str:
        if self.found:
            return "\n".join(f"{self.what}: {text}" for text in self.found)
        return f"{self.what} NOT audited: {self.unasked}" if self.unasked else f"{self.what}: nothing found"


@dataclass(frozen=True)
class Ran:
    """How a tool ended; `code` None: it did not end in time."""

    code: int | None
    out: str
    err: str


def run(command: Sequence[str], *, seconds: float, folder: Path = ROOT) -> Ran:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False, env=quiet_environment()
        )
    except subprocess.TimeoutExpired:
        return Ran(None, "", f"no answer in {seconds:.0f} s")
    return Ran(done.returncode, done.stdout, done.stderr)


def quiet_environment() -> dict[str, str]:
    """Semgrep and npm call nobody for news."""
    return {**os.environ, "SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0", "NO_UPDATE_NOTIFIER": "1"}


def judge_python(lock: str, ran: Ran) -> Verdict:
    """By pip-audit's JSON. A package that the service did not know was not audited, whatever the exit code says."""
    verdict = Verdict(f"dependencies of requirements/{lock}.txt")
    told = read_json(ran.out)
    if not isinstance(told, dict) or "dependencies" not in told:
        verdict.unasked = last_line(ran.err) or "the advisory service did not answer"
        return verdict
    for package in told["dependencies"]:
        for fault in package.get("vulns", ()):
            fixed = ", ".join(fault.get("fix_versions", ())) or "no version yet"
            verdict.found.append(f"{package['name']} {package['version']}: {fault['id']}, mended in {fixed}")
    skipped = [package["name"] for package in told["dependencies"] if "skip_reason" in package]
    if skipped:
        verdict.unasked = f"the advisory service does not know {len(skipped)} of {len(told['dependencies'])} packages"
    return verdict


def judge_web(ran: Ran) -> Verdict:
    """By npm's JSON, which holds an `error` where the service was not asked."""
    verdict = Verdict("dependencies of web/package-lock.json")
    told = read_json(ran.out)
    if not isinstance(told, dict) or "vulnerabilities" not in told:
        message = told.get("message") or told.get("error", {}).get("summary") if isinstance(told, dict) else ""
        verdict.unasked = str(message or last_line(ran.err) or "the advisory service did not answer")
        return verdict
    for name, fault in sorted(told["vulnerabilities"].items()):
        verdict.found.append(f"{name} {fault.get('range', '')}: {fault.get('severity', '?')}; see `npm audit`")
    return verdict


def judge_code(ran: Ran) -> Verdict:
    """By semgrep's JSON. That the rules could not be run is a fault, not an excuse: they ask nobody."""
    verdict = Verdict("code by requirements/rules")
    told = read_json(ran.out)
    if not isinstance(told, dict) or "results" not in told:
        verdict.found.append(f"semgrep did not run: {last_line(ran.err)}")
        return verdict
    for hit in told["results"]:
        rule = hit["check_id"].rsplit(".", 1)[-1]
        verdict.found.append(f"{hit['path']}:{hit['start']['line']}: {rule}: {hit['extra']['message']}")
    verdict.found += [f"semgrep: {fault.get('message', fault)}" for fault in told.get("errors", ())]
    if not told["results"] and not told.get("paths", {}).get("scanned"):
        verdict.found.append("semgrep looked at no file")
    return verdict


def read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""


def audit_python(lock: str) -> Verdict:
    # --disable-pip: the lock file is whole and hashed, nothing has to be resolved
    asked = ["--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "5", "-f", "json"]
    command = [str(TOOLS / "pip-audit"), *asked, "-r", f"requirements/{lock}.txt"]
    return judge_python(lock, run(command, seconds=LONGEST_S))


def audit_web() -> Verdict:
    command = ["npm", "audit", "--omit=dev", "--json", "--fetch-retries=0", f"--fetch-timeout={LONGEST_S * 1000}"]
    return judge_web(run(command, seconds=LONGEST_S, folder=ROOT / "web"))


def audit_code() -> Verdict:
    command = [str(TOOLS / "semgrep"), "scan", "--metrics=off", "--disable-version-check", "--no-git-ignore", "--json"]
    command += ["--quiet", "--config", "requirements/rules/smartreise.yaml", "smartreise", "web/src"]
    return judge_code(run(command, seconds=RULES_S))


def write_sboms(folder: Path) -> list[str]:
    """Bills of materials, CycloneDX, of what runs and of what pages are built from."""
    folder.mkdir(exist_ok=True)
    written = []
    for lock in LOCKS:
        file = folder / f"sbom-{lock}.json"
        made = [str(TOOLS / "cyclonedx-py"), "requirements", f"requirements/{lock}.txt", "--output-reproducible"]
        subprocess.run([*made, "--of", "JSON", "-o", str(file)], cwd=ROOT, check=True, capture_output=True)
        written.append(file.name)
    made = ["npm", "sbom", "--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only"]
    done = subprocess.run(made, cwd=ROOT / "web", check=True, capture_output=True, text=True)
    (folder / "sbom-web.json").write_text(done.stdout, encoding="utf-8")
    return [*written, "sbom-web.json"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--sbom", action="store_true", help="write bills of materials into build/")
    chosen = parser.parse_args()
    with ThreadPoolExecutor() as pool:
        asked = [pool.submit(audit_python, WHOLE), pool.submit(audit_web), pool.submit(audit_code)]
        verdicts = [question.result() for question in asked]
    print("\n".join(verdict.told() for verdict in verdicts))
    if chosen.sbom:
        print("build/: " + ", ".join(write_sboms(ROOT / "build")))
    return 1 if any(verdict.found for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())

"""The audits of `make check`: what is found fails, what could not be asked is told, our rules find what they say."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.service import ROOT

RULES = ROOT / "requirements" / "rules"
SEMGREP = ROOT / ".venv" / "audit" / "bin" / "semgrep"


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "requirements" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit"] = module
    spec.loader.exec_module(module)
    return module


def packages(**vulns: list[str]) -> str:
    told = [
        {"name": name, "version": "1", "vulns": [{"id": id_, "fix_versions": ["2"]} for id_ in ids]}
        for name, ids in vulns.items()
    ]
    return json.dumps({"dependencies": told, "fixes": []})


def test_a_package_with_an_advisory_is_found(audit: ModuleType) -> None:
    verdict = audit.judge_python("run", audit.Ran(1, packages(one=[], two=["PYSEC-1"]), ""))
    assert verdict.found == ["two 1: PYSEC-1, mended in 2"]
    assert audit.judge_python("run", audit.Ran(0, packages(one=[], two=[]), "")).told().endswith("nothing found")


def test_a_package_that_the_service_does_not_know_was_not_audited(audit: ModuleType) -> None:
    told = {"dependencies": [{"name": "one", "skip_reason": "not found"}, {"name": "two", "version": "1", "vulns": []}]}
    verdict = audit.judge_python("run", audit.Ran(0, json.dumps(told), "No known vulnerabilities found"))
    assert verdict.told() == (
        "dependencies of requirements/run.txt NOT audited: the advisory service does not know 1 of 2 packages"
    )


@pytest.mark.parametrize(("out", "err"), [("", "ERROR: connection refused"), ("<html>", ""), ("[]", "")])
def test_a_service_that_cannot_be_asked_is_told_in_one_line(audit: ModuleType, out: str, err: str) -> None:
    for verdict in (audit.judge_python("run", audit.Ran(1, out, err)), audit.judge_web(audit.Ran(1, out, err))):
        assert verdict.found == []
        assert re.fullmatch(r"dependencies of \S+ NOT audited: .+", verdict.told())


def test_a_service_that_hangs_is_left_after_a_while(audit: ModuleType) -> None:
    ran = audit.run([sys.executable, "-c", "import time; time.sleep(60)"], seconds=0.2)
    assert ran.code is None
    assert "no answer in" in audit.judge_web(ran).told()


def test_npm_advisories_are_found_and_its_errors_told(audit: ModuleType) -> None:
    found = {"vulnerabilities": {"left": {"severity": "high", "range": "<2"}}, "metadata": {}}
    assert audit.judge_web(audit.Ran(1, json.dumps(found), "")).found == ["left <2: high; see `npm audit`"]
    assert audit.judge_web(audit.Ran(0, json.dumps({"vulnerabilities": {}}), "")).told().endswith("nothing found")
    error = {"message": "405 Method Not Allowed", "error": {"summary": ""}}
    assert audit.judge_web(audit.Ran(1, json.dumps(error), "")).told().endswith("NOT audited: 405 Method Not Allowed")


def test_rules_that_did_not_run_fail(audit: ModuleType) -> None:
    assert audit.judge_code(audit.Ran(7, "", "invalid rule")).found == ["semgrep did not run: invalid rule"]
    nothing: dict[str, Any] = {"results": [], "errors": [], "paths": {"scanned": []}}
    assert audit.judge_code(audit.Ran(0, json.dumps(nothing), "")).found == ["semgrep looked at no file"]


def expected() -> Iterator[tuple[str, int, str]]:
    """File, line and rule of each line that breaks a rule, by the comment above it."""
    for file in sorted(RULES.glob("samples.*")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if (named := re.search(r"(?:#|//) ruleid: ([\w-]+)$", line)) is not None:
                yield file.name, number + 1, named.group(1)


@pytest.mark.slow
@pytest.mark.skipif(not SEMGREP.exists(), reason="semgrep is not here: `make check` installs it into .venv/audit")
def test_our_rules_find_just_what_their_samples_say(audit: ModuleType, tmp_path: Path) -> None:
    for file in RULES.glob("samples.*"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    options = ["--metrics=off", "--disable-version-check", "--json", "--quiet", "--no-git-ignore"]
    command = [str(SEMGREP), "scan", *options, "--config", str(RULES / "smartreise.yaml"), str(tmp_path)]
    verdict = audit.judge_code(audit.run(command, seconds=110))
    hits = [re.match(r"(\S+):(\d+): ([\w-]+):", text) for text in verdict.found]
    found = {(Path(hit.group(1)).name, int(hit.group(2)), hit.group(3)) for hit in hits if hit is not None}
    assert len(found) == len(verdict.found), verdict.found
    assert found == set(expected())
    rules = set(re.findall(r"^  - id: (\S+)$", (RULES / "smartreise.yaml").read_text(encoding="utf-8"), re.MULTILINE))
    assert {rule for _, _, rule in found} == rules

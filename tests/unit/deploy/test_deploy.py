"""What lies under deploy/ fits the product: metrics exist, commands and settings are known, files are well-formed."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from smartreise.app.cli import commands
from smartreise.app.settings_file import LIMITS, PLAIN, PREFIX, variable
from tests.service import ROOT, serving

DEPLOY = ROOT / "deploy"
#: set by the region file, not by the service
OF_REGIONS = {"SMARTREISE_CLIENT_NAME"}
#: of the files themselves: Caddy's and compose's own, the kiosk's and the e-paper frame's
OF_FILES = {"SMARTREISE_DOMAIN", "SMARTREISE_GATEWAYS", "SMARTREISE_SCREEN", "SMARTREISE_PICTURE"}


def documents(path: Path) -> list[Any]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def every(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping inside."""
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from every(inner)


def expressions() -> list[str]:
    """Every query of the dashboard and of the alert rules."""
    dashboard = json.loads((DEPLOY / "grafana" / "smartreise.json").read_text(encoding="utf-8"))
    rules = documents(DEPLOY / "prometheus" / "alerts.yml")
    return [node["expr"] for node in every([dashboard, rules]) if "expr" in node]


async def test_every_metric_of_dashboard_and_alerts_is_one_that_the_service_tells(tmp_path: Path) -> None:
    async with serving("demo", data_dir=tmp_path) as service, service.http.get(service.url + "/metrics") as answer:
        families = list(text_string_to_metric_families(await answer.text()))
    told = {family.name for family in families} | {sample.name for family in families for sample in family.samples}
    told |= {family.name + "_total" for family in families if family.type == "counter"}
    told |= {family.name + "_bucket" for family in families if family.type == "histogram"}
    asked = {name for text in expressions() for name in re.findall(r"smartreise_\w+", text)}
    assert len(asked) > 15
    assert asked <= told, sorted(asked - told)


def test_alerts_say_how_bad_and_what() -> None:
    rules = [rule for rule in every(documents(DEPLOY / "prometheus" / "alerts.yml")) if "alert" in rule]
    assert len(rules) >= 8
    handbook = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for rule in rules:
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"]
        assert f"`{rule['alert']}`" in handbook, f"docs/operating.md does not say what to do about {rule['alert']}"


def command_lines() -> Iterator[tuple[str, list[str]]]:
    """Arguments of `smartreise` in units, compose and manifests, by file."""
    for unit in sorted((DEPLOY / "systemd").glob("*.service")):
        for line in re.findall(r"^ExecStart=\S*/smartreise (.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE):
            yield unit.name, shlex.split(line.replace("%i", "8081"))
    for service in documents(DEPLOY / "compose.yaml")[0]["services"].values():
        if service.get("image") == "smartreise":
            yield "compose.yaml", service["command"]
    for node in every(documents(DEPLOY / "kubernetes" / "smartreise.yaml")):
        if node.get("image") == "smartreise":
            yield "smartreise.yaml", node["args"]
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    yield "Containerfile", json.loads(re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)[-1])


def test_commands_are_known_with_all_their_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTREISE_REGION", "ruter")
    lines = list(command_lines())
    assert {line[1][0] for line in lines} == {"serve", "ingest", "gateway"}
    for file, (name, *rest) in lines:
        command = commands.commands[name]
        try:
            command.make_context(name, list(rest))
        except click.ClickException as fault:
            raise AssertionError(f"{file}: smartreise {name} {rest}: {fault.message}") from None


def test_variables_are_settings_that_exist() -> None:
    known = {PREFIX + key.upper() for key in PLAIN} | {"SMARTREISE_CONFIG"} | OF_REGIONS | OF_FILES
    known |= {variable(table, entry.name) for table, kind in LIMITS.items() for entry in fields(kind)}
    for file in sorted(path for path in DEPLOY.rglob("*") if path.is_file()):
        used = set(re.findall(r"SMARTREISE_[A-Z_]+", file.read_text(encoding="utf-8")))
        assert used <= known, f"{file.name}: {sorted(used - known)}"


def test_the_image_leaves_out_only_what_nobody_imports(tmp_path: Path) -> None:
    (left_out,) = re.findall(r"pip uninstall -q -y (.*) &&", (DEPLOY / "Containerfile").read_text(encoding="utf-8"))
    refused = {name.replace("-", "_") for name in left_out.split()}
    assert "pyogrio" in refused
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Refusing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.split('.')[0] in {refused!r}:\n"
        "            raise ImportError(name + ' is not in the image')\n"
        "sys.meta_path.insert(0, Refusing())\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "smartreise", "feeds", "check", "--region", "demo"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok      demo (static)" in done.stdout


def test_nothing_runs_as_root_or_writes_its_own_file_system() -> None:
    compose = documents(DEPLOY / "compose.yaml")[0]["services"]
    ours = [service for service in compose.values() if service.get("image") == "smartreise"]
    assert len([s for s in ours if s["command"] == ["gateway"]]) == 3
    assert len([s for s in ours if s["command"] == ["ingest"]]) == 2
    assert all(s["read_only"] and s["cap_drop"] == ["ALL"] for s in ours)
    assert "--appendonly" in compose["valkey"]["command"]
    manifests = documents(DEPLOY / "kubernetes" / "smartreise.yaml")
    for node in every(manifests):
        if node.get("image") == "smartreise":
            assert node["securityContext"]["readOnlyRootFilesystem"]
            assert not node["securityContext"]["allowPrivilegeEscalation"]
    pods = [n["template"]["spec"] for n in every(manifests) if isinstance(n.get("template"), dict)]
    assert len(pods) == 3
    assert all(pod["securityContext"]["runAsNonRoot"] for pod in pods)
    assert re.search(r"^USER 10001$", (DEPLOY / "Containerfile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", ["smartreise.service", "smartreise-ingest.service", "smartreise-gateway@.service"])
def test_units_are_understood_by_systemd(name: str, tmp_path: Path) -> None:
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("systemd-analyze is not on this machine")
    text = (
        (DEPLOY / "systemd" / name)
        .read_text(encoding="utf-8")
        .replace("/srv/smartreise/.venv/bin/smartreise", "/bin/true")
    )
    unit = tmp_path / name.replace("@", "@8081")
    unit.write_text(text.replace("User=smartreise", "User=root"))
    done = subprocess.run([analyse, "verify", str(unit)], capture_output=True, text=True, check=False)
    assert name.split("@")[0] not in done.stderr, done.stderr


@pytest.mark.parametrize("name", ["kiosk", "epaper"])
def test_the_scripts_are_sound_shell(name: str) -> None:
    done = subprocess.run(["sh", "-n", str(DEPLOY / name / f"smartreise-{name}")], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr

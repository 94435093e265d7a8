"""Files under deploy/ as the programs read them that they are for; each skipped where its program is not here."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.service import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted([*(DEPLOY / "systemd").glob("*.service"), *(DEPLOY / "kiosk").glob("*.service")])


def tool(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def said(*command: str, folder: Path = ROOT) -> str:
    """What a program said; it must have ended well."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_prometheus_reads_the_alert_rules_and_the_configuration() -> None:
    promtool = tool("promtool")
    assert "8 rules found" in said(promtool, "check", "rules", str(DEPLOY / "prometheus" / "alerts.yml"))
    said(promtool, "check", "config", str(DEPLOY / "prometheus" / "prometheus.yml"))


def test_nginx_reads_its_file(tmp_path: Path) -> None:
    nginx, openssl = tool("nginx"), tool("openssl")
    key, certificate = tmp_path / "reise.key", tmp_path / "reise.pem"
    asked = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
    said(openssl, *asked, "-subj", "/CN=reise.example.no", "-keyout", str(key), "-out", str(certificate))
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/etc/ssl/reise.pem", str(certificate)).replace("/etc/ssl/reise.key", str(key))
    whole = tmp_path / "nginx.conf"
    paths = "".join(f"{kind}_temp_path {tmp_path};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    head = f"pid {tmp_path}/pid;\nerror_log {tmp_path}/log;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}"
    whole.write_text(head + text + "}\n", encoding="utf-8")
    assert "syntax is ok" in said(nginx, "-t", "-c", str(whole))


def test_caddy_reads_its_file() -> None:
    caddy = tool("caddy")
    version = re.search(r"v?(\d+)\.(\d+)", said(caddy, "version"))
    assert version is not None
    if (int(version[1]), int(version[2])) < (2, 7):
        pytest.skip(f"caddy {version[0]} is older than 2.7, which knows stream_close_delay")
    said(caddy, "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_reads_the_units(unit: Path, tmp_path: Path) -> None:
    analyze = tool("systemd-analyze")
    # the programs themselves are elsewhere: whether they are there is not what is asked
    text = re.sub(r"^(Exec\w+=[-+!]*)/\S+", r"\1/bin/true", unit.read_text(encoding="utf-8"), flags=re.MULTILINE)
    copy = tmp_path / unit.name
    copy.write_text(text, encoding="utf-8")
    told = said(analyze, "verify", str(copy))
    assert unit.name.partition("@")[0] not in told, told

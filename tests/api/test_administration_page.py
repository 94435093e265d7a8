"""The commands of docs/administration.md run, one after another, as a newcomer types them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.api.administered import Administered, Asker
from tests.service import ROOT

PAGE = ROOT / "docs" / "administration.md"


def run(script: str, service: Administered, folder: Path) -> str:
    """A block of the page in a shell in which `smartreise` is ours; what it printed."""
    command = f'smartreise() {{ PYTHONPATH="{ROOT}" "{sys.executable}" -m smartreise "$@"; }}\nset -e\n{script}'
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "SMARTREISE_SERVER": service.url, "SMARTREISE_ADMIN_TOKEN": service.token},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    printed = done.stdout.decode()
    assert done.returncode == 0, f"{script}\n{printed}"
    return printed


@pytest.mark.long
@pytest.mark.timeout(300)  # some thirty processes
async def test_the_page_works(admin: Asker, service: Administered, tmp_path: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) == 10
    await admin.ask("DELETE", "/v1/admin/offices/fornebu")  # as the region's file has it, whoever changed it before
    paired = await admin.with_token(None).done(201, "POST", "/v1/displays")
    ours = {"K7MPQ4": paired["code"], "ge4baxxs": paired["display"]}
    printed = []
    for block in blocks:
        lines = [line for line in block.splitlines() if not line.startswith("export ")]
        script = "\n".join(lines)
        for shown, real in ours.items():
            script = script.replace(shown, real)
        if "keys add" in script:
            made = run(lines[0], service, tmp_path)
            script = "\n".join(lines[1:]).replace("xjnte5bg", made.split()[0])
        printed.append(run(script, service, tmp_path))
    assert "Hovedkontor" in printed[1]
    assert "that one stands in the region's file" in printed[1]
    assert "same     hk" in printed[2]
    assert "lysaker" in printed[3]
    assert "fornebu" not in printed[3]
    assert "Resepsjonen" in printed[4]
    assert "secret: whsec_" in printed[5]
    assert "partner" in printed[7]
    assert "made the token" in printed[8]
    assert "Heisen" in printed[9]


async def test_its_settings_are_those_of_an_office(service: Administered) -> None:
    async with aiohttp.ClientSession() as http, http.get(service.url + "/openapi.json") as answer:
        known = set((await answer.json())["components"]["schemas"]["OfficeDocument"]["properties"])
    rows = re.findall(r"^\| (`.*?) \| ", PAGE.read_text(), re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == known

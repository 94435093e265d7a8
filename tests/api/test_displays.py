"""A screen's life over HTTP and its socket: pairing, its token, changes pushed, heartbeats, revocation."""

from __future__ import annotations

from typing import Any

import aiohttp

from tests.api.administered import Administered, Asker


class Screen:
    """A display as its page sees it."""

    def __init__(self, admin: Asker, paired: Any, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.id, self.code, self.paired, self.socket = paired["display"], paired["code"], paired, socket
        self.with_secret = admin.with_token(paired["secret"])
        self.path = f"/v1/displays/{self.id}"

    async def told(self, **wanted: Any) -> None:
        """Wait until the topic's frames have said all this."""
        missing = dict(wanted)
        while missing:
            frame = await self.socket.receive_json(timeout=10)
            said = dict(frame.get("data", {})) if frame["type"] == "snapshot" else {}
            said |= {step["path"][1:]: step.get("value") for step in frame.get("patch", [])}
            missing = {name: value for name, value in missing.items() if said.get(name, ...) != value}


async def pairing(admin: Asker) -> Screen:
    paired = await admin.with_token(None).done(201, "POST", "/v1/displays")
    socket = await admin.http.ws_connect(admin.url + "/v1/live")
    params = {"display": paired["display"]}
    await socket.send_json({"type": "subscribe", "sub": "d", "topic": "display", "params": params})
    screen = Screen(admin, paired, socket)
    await screen.told(claimed=False)
    return screen


async def test_from_pairing_to_revocation(admin: Asker) -> None:
    screen = await pairing(admin)
    assert len(screen.code) == 6
    assert not set(screen.code) & set("01OIL")
    assert (await screen.with_secret.get(screen.path))["claimed"] is False
    assert (await admin.with_token(None).ask("GET", screen.path))[0] == 401
    assert (await admin.with_token("srp_x_y").ask("GET", screen.path))[0] == 401

    typed = f"{screen.code[:3].lower()} {screen.code[3:]}"
    claimed = await admin.done(201, "POST", "/v1/admin/displays/claim", {"code": typed, "office": "fornebu"})
    assert (claimed["id"], claimed["health"]) == (screen.id, "red")
    await screen.told(claimed=True, office="fornebu")
    await admin.done(404, "POST", "/v1/admin/displays/claim", {"code": screen.code, "office": "fornebu"})

    first = (await screen.with_secret.get(screen.path))["token"]
    own = admin.with_token((await screen.with_secret.get(screen.path))["token"])  # as if the first answer was lost
    assert (await admin.with_token(first).ask("POST", f"{screen.path}/heartbeat", {}))[0] == 401
    beat = {"version": "1.2", "uptime_s": 7, "last_data": None, "errors": []}
    await own.done(200, "POST", f"{screen.path}/heartbeat", beat)
    assert (await screen.with_secret.ask("GET", screen.path))[0] == 401  # it has done its work
    assert "token" not in await own.get(screen.path)
    async with admin.http.ws_connect(f"{admin.url}/v1/live?key={own.token}") as socket:
        assert (await socket.receive_json(timeout=10))["type"] == "hello"

    await admin.done(200, "PATCH", f"/v1/admin{screen.path[3:]}", {"name": "Resepsjonen", "identify": True})
    await screen.told(name="Resepsjonen", identify=1)
    await admin.done(200, "PATCH", f"/v1/admin{screen.path[3:]}", {"reload": True, "layout": "map", "theme": "light"})
    await screen.told(reload=1, layout="map", theme="light")

    await admin.done(204, "DELETE", f"/v1/admin{screen.path[3:]}")
    await screen.told(claimed=False)
    assert (await own.ask("GET", screen.path))[0] in (401, 404)
    assert (await own.ask("POST", f"{screen.path}/heartbeat", beat))[0] == 401
    assert (await own.ask("GET", "/v1/feeds"))[0] == 401
    await screen.socket.close()


async def test_a_screen_says_how_it_fares(admin: Asker) -> None:
    screen = await pairing(admin)
    await admin.done(201, "POST", "/v1/admin/displays/claim", {"code": screen.code, "office": "fornebu", "name": "S"})
    own = admin.with_token((await screen.with_secret.get(screen.path))["token"])

    async def listed() -> Any:
        displays = (await admin.get("/v1/admin/displays"))["displays"]
        return next(display for display in displays if display["id"] == screen.id)

    await own.done(200, "POST", f"{screen.path}/heartbeat", {"version": "1", "data_age_s": 3})
    assert (await listed())["health"] == "green"
    await own.done(200, "POST", f"{screen.path}/heartbeat", {"version": "1", "errors": ["no map"]})
    found = await listed()
    assert (found["health"], found["errors"]) == ("amber", ["no map"])
    await own.done(200, "POST", f"{screen.path}/heartbeat", {"last_data": "2001-01-01T00:00:00Z"})
    assert (await listed())["health"] == "amber"
    assert (await own.ask("POST", f"{screen.path}/heartbeat", {"uptime_s": "long"}))[0] == 400
    async with admin.http.get(admin.url + "/metrics") as answer:
        metrics = await answer.text()
    assert 'smartreise_displays{health="amber"} 1.0' in metrics
    assert f'smartreise_display_silence_seconds{{display="{screen.id}",office="fornebu"}}' in metrics
    await admin.done(204, "DELETE", f"/v1/admin/displays/{screen.id}")
    await screen.socket.close()


async def test_two_screens_of_one_office_are_two(admin: Asker) -> None:
    screens = [await pairing(admin) for _ in range(2)]
    for screen in screens:
        await admin.done(201, "POST", "/v1/admin/displays/claim", {"code": screen.code, "office": "fornebu"})
    tokens = [(await screen.with_secret.get(screen.path))["token"] for screen in screens]
    assert (await admin.with_token(tokens[0]).ask("GET", screens[1].path))[0] == 401
    await admin.done(204, "DELETE", f"/v1/admin/displays/{screens[0].id}")
    assert (await admin.with_token(tokens[1]).ask("GET", screens[1].path))[0] == 200
    await admin.done(204, "DELETE", f"/v1/admin/displays/{screens[1].id}")
    for screen in screens:
        await screen.socket.close()


async def test_the_command_line_does_it_too(admin: Asker, service: Administered) -> None:
    screen = await pairing(admin)
    code, printed = service.smartreise("displays", "pair", screen.code, "--office", "fornebu", "--name", "Lobby")
    assert (code, "Lobby" in printed) == (0, True), printed
    await screen.told(claimed=True, name="Lobby")
    code, printed = service.smartreise("displays", "remove", screen.id)
    assert (code, printed) == (0, "")
    await screen.told(claimed=False)
    await screen.socket.close()
    code, printed = service.smartreise("displays", "pair", "ABCDEF", "--office", "fornebu")
    assert code == 2
    assert printed.strip() == "smartreise: unknown code: ABCDEF; no display shows it, or it is too old"


async def test_a_turned_token_is_fetched_with_the_old_and_voids_it_once_used(admin: Asker) -> None:
    id_, old = await paired(admin)
    turned = await admin.done(200, "PATCH", f"/v1/admin/displays/{id_}", {"rotate": True})
    assert turned["turning"] is True
    lost = (await admin.with_token(old).get(f"/v1/displays/{id_}"))["token"]
    new = (await admin.with_token(old).get(f"/v1/displays/{id_}"))["token"]  # the answer before it got lost
    assert len({old, lost, new}) == 3
    beat = f"/v1/displays/{id_}/heartbeat"
    await admin.with_token(old).done(200, "POST", beat, {})
    await admin.with_token(new).done(200, "POST", beat, {})
    for token in (old, lost):
        assert (await admin.with_token(token).ask("POST", beat, {}))[0] == 401
    (row,) = [row for row in (await admin.get("/v1/admin/displays"))["displays"] if row["id"] == id_]
    assert row["turning"] is False
    assert "token" not in await admin.with_token(new).get(f"/v1/displays/{id_}")


async def test_screens_are_listed_page_by_page_and_by_group(admin: Asker) -> None:
    ids = sorted([(await paired(admin))[0] for _ in range(3)])
    for id_ in ids:
        await admin.done(200, "PATCH", f"/v1/admin/displays/{id_}", {"group": "doors", "test": True})
    first = await admin.get("/v1/admin/displays?group=doors&limit=2")
    assert [row["id"] for row in first["displays"]] == ids[:2]
    rest = await admin.get(f"/v1/admin/displays?group=doors&limit=2&after={first['next']}")
    assert [row["id"] for row in rest["displays"]] == ids[2:]
    assert rest["next"] is None
    assert all(row["test"] for row in first["displays"])
    assert (await admin.get("/v1/admin/displays?office=nowhere"))["displays"] == []


async def paired(admin: Asker) -> tuple[str, str]:
    """A claimed screen that uses its token: its id and the token."""
    waiting = await admin.with_token(None).done(201, "POST", "/v1/displays")
    await admin.done(201, "POST", "/v1/admin/displays/claim", {"code": waiting["code"], "office": "fornebu"})
    path = f"/v1/displays/{waiting['display']}"
    token = (await admin.with_token(waiting["secret"]).get(path))["token"]
    await admin.with_token(token).done(200, "POST", f"{path}/heartbeat", {})
    return waiting["display"], token

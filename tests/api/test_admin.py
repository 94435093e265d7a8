"""Administration over HTTP: who may, offices, keys, messages, the log."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

import aiohttp
import pytest

from smartreise.api.fleet_routes import OPERATIONS
from tests.api.administered import Asker

HERE = {"lat": 59.897, "lon": 10.63}
OSLO_S = {"name": "Oslo S", "stop_id": "NSR:StopPlace:337"}


def office(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": f"Office {id_}", **HERE, "destinations": [OSLO_S], **more}


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.role is not None], ids=lambda o: o.name)
async def test_nothing_is_administered_without_a_token(admin: Asker, operation: Any) -> None:
    path = operation.path.replace("{id}", "fornebu")
    for token in (None, "nonsense", "sra_first_0000", "srk_first_0000"):
        status, body, answer = await admin.with_token(token).ask(operation.method, path, {})
        assert status == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "Bearer" in answer.headers["WWW-Authenticate"]
        assert body["status"] == 401


async def test_an_office_is_there_at_once_wherever_offices_are(admin: Asker) -> None:
    made = await admin.done(201, "POST", "/v1/admin/offices", office("new"))
    assert (made["source"], made["version"], made["updated_by"]) == ("stored", 1, "administrator")
    anybody = admin.with_token(None)
    assert "new" in [o["id"] for o in (await anybody.get("/v1/offices"))["offices"]]
    view = await anybody.get("/v1/offices/new/view")
    assert view["suggestions"][0]["destination"]["name"] == "Oslo S"
    assert view["boards"]
    ways = await anybody.get("/v1/suggestions?from=new&to=NSR:StopPlace:337")
    assert ways["from"]["office_id"] == "new"
    await admin.done(204, "DELETE", "/v1/admin/offices/new")
    assert (await anybody.ask("GET", "/v1/offices/new"))[0] == 404


async def test_what_a_get_gave_can_be_put_back(admin: Asker) -> None:
    for path in ("/v1/admin/offices/fornebu", "/v1/offices/fornebu"):
        before = await admin.get("/v1/admin/offices/fornebu")
        given = await admin.get(path)
        after = await admin.done(200, "PUT", "/v1/admin/offices/fornebu", given)
        assert [d.get("stop_id") for d in after["destinations"]] == [d.get("stop_id") for d in before["destinations"]]
        assert {k: after[k] for k in ("name", "stops", "modes")} == {k: before[k] for k in ("name", "stops", "modes")}
        await admin.done(204, "DELETE", "/v1/admin/offices/fornebu")


async def test_a_change_reaches_who_watches_the_office(admin: Asker) -> None:
    await admin.done(201, "POST", "/v1/admin/offices", office("watched"))
    async with admin.http.ws_connect(admin.url + "/v1/live") as socket:
        ask = {"type": "subscribe", "sub": "o", "topic": "office", "params": {"office": "watched"}}
        await socket.send_json(ask)
        while (await socket.receive_json(timeout=10))["type"] != "snapshot":
            pass
        await admin.done(200, "PUT", "/v1/admin/offices/watched", office("watched", name="Another name"))
        while "Another name" not in (await socket.receive(timeout=10)).data:
            pass
    await admin.done(204, "DELETE", "/v1/admin/offices/watched")


async def test_every_wrong_field_is_named(admin: Asker) -> None:
    wrong = {
        "id": "a b", "lat": 91, "lon": "east", "languages": ["de"], "modes": ["dragon"], "walk_speed": 0,
        "destinations": [{"stop_id": "x"}], "colour": "red", "opening_hours": [{"days": ["mo"], "opens": "25:00"}],
    }  # fmt: skip
    status, body, _ = await admin.ask("POST", "/v1/admin/offices", wrong)
    assert status == 400
    named = {error["field"].partition("[")[0].partition(".")[0] for error in body["errors"]}
    assert named == {*wrong, "name"}
    status, body, _ = await admin.ask("POST", "/v1/admin/offices", office("a", languages=["nb", "nb"], destinations=[
        {"name": "nowhere"}
    ]))  # fmt: skip
    assert [error["field"] for error in body["errors"]] == ["languages", "destinations[0]"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"id": "\\ud800"}', b"[" * 5000])
async def test_nonsense_is_bad_input(admin: Asker, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {admin.token}", "Content-Type": "application/json"}
    for method, path in (("POST", "offices"), ("PUT", "offices/fornebu"), ("POST", "keys"), ("POST", "displays/claim")):
        async with admin.http.request(method, f"{admin.url}/v1/admin/{path}", data=body, headers=headers) as answer:
            assert answer.status == 400, await answer.text()
            assert (await answer.json(content_type=None))["errors"]


async def test_conflicts_and_unknown_ids(admin: Asker) -> None:
    for method, path, body, status in (
        ("POST", "offices", office("fornebu"), 409),
        ("PUT", "offices/none-such", office("none-such"), 404),
        ("PUT", "offices/fornebu", office("another"), 400),
        ("DELETE", "offices/none-such", None, 404),
        ("DELETE", "offices/fornebu", None, 409),
        ("GET", "offices/none-such", None, 404),
        ("GET", "offices/none-such/versions", None, 404),
        ("POST", "offices/none-such/undo", None, 404),
        ("DELETE", "keys/none-such", None, 404),
        ("DELETE", "tokens/none-such", None, 404),
        ("DELETE", "tokens/first", None, 409),
        ("PATCH", "displays/none-such", {"name": "x"}, 404),
        ("DELETE", "displays/none-such", None, 404),
        ("POST", "displays/claim", {"code": "ABCDEF", "office": "fornebu"}, 404),
        ("POST", "displays/claim", {"code": "ABCDE0", "office": "fornebu"}, 400),
        ("POST", "displays/claim", {"code": "ABCDEF", "office": "none-such"}, 404),
        ("DELETE", "alerts/none-such", None, 404),
        ("GET", "audit?limit=0", None, 400),
        ("GET", "keys?colour=red", None, 400),
        ("PATCH", "keys", None, 405),
    ):
        found, answer, _ = await admin.ask(method, f"/v1/admin/{path}", body)
        assert found == status, f"{method} {path}: {found} {answer}"


async def test_versions_undo_and_if_match(admin: Asker) -> None:
    await admin.done(201, "POST", "/v1/admin/offices", office("v", name="first"))
    _, _, answer = await admin.ask("GET", "/v1/admin/offices/v")
    seen = answer.headers["ETag"]
    status, _, answer = await admin.ask("PUT", "/v1/admin/offices/v", office("v", name="second"), If_Match=seen)
    assert status == 200
    assert (await admin.ask("PUT", "/v1/admin/offices/v", office("v", name="third"), If_Match=seen))[0] == 412
    assert (await admin.ask("GET", "/v1/admin/offices/v", If_None_Match=answer.headers["ETag"]))[0] == 304
    versions = await admin.done(201, "POST", "/v1/admin/offices/v/undo")
    assert [v["office"] and v["office"]["name"] for v in versions["versions"]] == ["first", "second", "first", None]
    assert (await admin.get("/v1/offices/v"))["name"] == "first"
    await admin.done(204, "DELETE", "/v1/admin/offices/v")
    await admin.done(201, "POST", "/v1/admin/offices/v/undo")
    assert (await admin.get("/v1/offices/v"))["name"] == "first"
    await admin.done(204, "DELETE", "/v1/admin/offices/v")


async def test_a_partner_has_its_offices_and_a_reader_looks_on(admin: Asker) -> None:
    await admin.done(201, "POST", "/v1/admin/offices", office("theirs"))
    order = {"name": "Partner", "role": "partner", "offices": ["theirs"]}
    partner = admin.with_token((await admin.done(201, "POST", "/v1/admin/tokens", order))["token"])
    reader = admin.with_token(
        (await admin.done(201, "POST", "/v1/admin/tokens", {"name": "R", "role": "reader"}))["token"]
    )
    assert [o["id"] for o in (await partner.get("/v1/admin/offices"))["offices"]] == ["theirs"]
    assert len((await reader.get("/v1/admin/offices"))["offices"]) > 1
    await partner.done(200, "PUT", "/v1/admin/offices/theirs", office("theirs", name="Changed"))
    await partner.done(404, "PUT", "/v1/admin/offices/fornebu", office("fornebu"))
    for asker, method, path, body in (
        (partner, "POST", "offices", office("more")),
        (partner, "DELETE", "offices/theirs", None),
        (partner, "GET", "keys", None),
        (partner, "GET", "audit", None),
        (partner, "POST", "displays/claim", {"code": "ABCDEF", "office": "fornebu"}),
        (partner, "POST", "alerts", {"text": {"nb": "x"}}),
        (reader, "PUT", "offices/theirs", office("theirs")),
        (reader, "POST", "keys", {"name": "x"}),
        (reader, "POST", "displays/claim", {"code": "ABCDEF", "office": "theirs"}),
    ):
        status, answer, _ = await asker.ask(method, f"/v1/admin/{path}", body)
        assert status == 403, f"{method} {path}: {answer}"
    tokens = (await admin.get("/v1/admin/tokens"))["tokens"]
    await admin.done(204, "DELETE", f"/v1/admin/tokens/{next(t['id'] for t in tokens if t['name'] == 'Partner')}")
    assert (await partner.ask("GET", "/v1/admin/offices"))[0] == 401
    await admin.done(400, "POST", "/v1/admin/tokens", {"name": "P", "role": "partner"})
    await admin.done(204, "DELETE", "/v1/admin/offices/theirs")


async def test_a_session_is_for_our_own_pages(admin: Asker) -> None:
    nobody = admin.with_token(None)
    assert (await nobody.ask("POST", "/v1/admin/session", {"token": "wrong"}))[0] == 401
    assert (await nobody.ask("POST", "/v1/admin/session", {}))[0] == 401
    status, who, answer = await nobody.ask("POST", "/v1/admin/session", {"token": admin.token})
    assert (status, who["role"]) == (200, "admin")
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    sent = {"Cookie": cookie.partition(";")[0]}
    assert (await nobody.ask("GET", "/v1/admin/keys", **sent))[0] == 200
    name = {"name": "x"}
    for foreign in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "same-site"}):
        assert (await nobody.ask("POST", "/v1/admin/keys", name, **sent, **foreign))[0] == 403
    status, made, _ = await nobody.ask("POST", "/v1/admin/keys", name, **sent, Origin=admin.url)
    assert status == 201
    await admin.done(204, "DELETE", f"/v1/admin/keys/{made['id']}")
    assert (await nobody.ask("DELETE", "/v1/admin/session", **sent))[0] == 204
    assert (await nobody.ask("GET", "/v1/admin/keys", **sent))[0] == 401


async def test_a_key_is_told_once_and_has_a_limit_of_its_own(admin: Asker) -> None:
    made = await admin.done(201, "POST", "/v1/admin/keys", {"name": "app", "per_minute": 3})
    listed = await admin.get("/v1/admin/keys")
    assert made["key"] not in str(listed)
    anybody, app = admin.with_token(None), admin.with_token(made["key"])
    for number, headers in enumerate(({"X_API_Key": made["key"]}, {"Authorization": f"Bearer {made['key']}"})):
        status, _, answer = await anybody.ask("GET", "/v1/feeds", **headers)
        assert status == 200
        assert answer.headers["RateLimit-Policy"] == '"key";q=3;w=60'
        assert answer.headers["RateLimit"].startswith(f'"key";r={2 - number};t=')
    async with admin.http.ws_connect(f"{admin.url}/v1/live?key={made['key']}") as socket:
        assert (await socket.receive_json(timeout=10))["type"] == "hello"
    status, _, answer = await app.ask("GET", "/v1/feeds")
    assert status == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert (await anybody.ask("GET", "/v1/feeds"))[0] == 200
    assert [k["uses"] for k in (await admin.get("/v1/admin/keys"))["keys"] if k["id"] == made["id"]] == [3]
    await admin.done(204, "DELETE", f"/v1/admin/keys/{made['id']}")
    assert (await app.ask("GET", "/v1/feeds"))[0] == 401
    assert (await anybody.ask("GET", f"/v1/events?topic=feeds&key={made['key']}"))[0] == 401
    assert (await anybody.ask("GET", f"/v1/live?key={made['key']}"))[0] == 401


async def test_own_messages_are_on_the_screens_of_their_offices_while_they_last(admin: Asker) -> None:
    lift = {"text": {"nb": "Heisen er ute av drift", "en": "The lift is out of order"}, "offices": ["fornebu"]}
    made = await admin.done(201, "POST", "/v1/admin/alerts", lift | {"to": "2099-01-01T00:00:00+01:00"})
    over = await admin.done(201, "POST", "/v1/admin/alerts", lift | {"to": "2001-01-01T00:00:00+01:00"})
    offices = [o["id"] for o in (await admin.get("/v1/offices"))["offices"]]
    shown = {id_: [a["id"] for a in (await admin.get(f"/v1/offices/{id_}/view"))["alerts"]] for id_ in offices[:2]}
    assert offices[0] == "fornebu"
    assert f"own:{made['id']}" in shown["fornebu"]
    assert f"own:{over['id']}" not in shown["fornebu"]
    assert f"own:{made['id']}" not in shown[offices[1]]
    for alert in (made, over):
        await admin.done(204, "DELETE", f"/v1/admin/alerts/{alert['id']}")
    assert f"own:{made['id']}" not in str((await admin.get("/v1/offices/fornebu/view"))["alerts"])
    bad = {"text": {}, "from": "soon", "to": "2001-01-01T00:00:00", "offices": "all"}
    status, body, _ = await admin.ask("POST", "/v1/admin/alerts", bad)
    assert (status, {error["field"] for error in body["errors"]}) == (400, {"text", "offices"})
    await admin.done(400, "POST", "/v1/admin/alerts", lift | {"from": "soon"})


async def test_the_log_says_who_changed_what(admin: Asker) -> None:
    key = await admin.done(201, "POST", "/v1/admin/keys", {"name": "logged"})
    await admin.done(204, "DELETE", f"/v1/admin/keys/{key['id']}")
    entries = (await admin.get("/v1/admin/audit?limit=2"))["entries"]
    assert [(e["who"], e["what"], e["id"]) for e in entries] == [
        ("administrator", "revoked the key", key["id"]),
        ("administrator", "made the key", key["id"]),
    ]


_ODD: list[Any] = [
    None, True, 0, -1, 1e308, 10**30, "", "x", "fornebu", "\x00", "æ" * 300, [], [1], ["a"], {}, {"a": 1}, [[]],
    "2026-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "admin", "partner", "ABCDEF",
    {"nb": "x"}, [{"name": "x", "lat": 1, "lon": 2}], 1.5, ["nb"], "mo",
]  # fmt: skip
_LIKELY = {"id": "z", "name": "z", "lat": 1, "lon": 2, "role": "reader", "office": "fornebu", "text": {"nb": "x"}}


async def test_no_body_is_answered_with_a_fault(admin: Asker) -> None:
    document = await admin.get("/openapi.json")
    paths = [(p, m, o) for p, item in document["paths"].items() if p.startswith("/v1/admin") for m, o in item.items()]
    draw = random.Random(3)
    statuses: Counter[int] = Counter()
    for number in range(200):
        path, method, operation = draw.choice(paths)
        body = _drawn(draw, document, operation)
        if body and "id" in body and draw.random() < 0.5:
            body["id"] = f"n{number}"
        path = path.replace("{id}", draw.choice(["fornebu", "z", "none", "%00", "%2e%2e%2f", "a%20b"]))
        status, answer, _ = await admin.ask(method.upper(), path, body)
        statuses[status] += 1
        assert str(status) in operation["responses"], f"{method} {path} {body}: {status} {answer}"
        assert status < 500, f"{method} {path} {body}: {status} {answer}"
    assert statuses.keys() >= {200, 201, 400, 404}


def _drawn(draw: random.Random, document: Any, operation: Any) -> dict[str, Any] | None:
    """A body that may be right; None where there is none."""
    if "requestBody" not in operation:
        return None
    name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
    fields = [field for field in document["components"]["schemas"][name]["properties"] if draw.random() < 0.7]
    return {f: _LIKELY[f] if f in _LIKELY and draw.random() < 0.8 else draw.choice(_ODD) for f in fields}


async def test_offices_go_out_as_a_file_and_come_in_again(admin: Asker) -> None:
    for kind in ("csv", "toml", "json"):
        await admin.done(201, "POST", "/v1/admin/offices", office("moved", hidden_lines=["31"]))
        text = (await admin.get(f"/v1/admin/export?format={kind}"))["text"]
        assert "moved" in text
        order = {"format": kind, "text": text, "dry_run": True}
        same = await admin.done(200, "POST", "/v1/admin/import", order)
        assert {row["id"] for row in same["offices"] if row["change"] != "same"} == set()
        await admin.done(204, "DELETE", "/v1/admin/offices/moved")
        would = await admin.done(200, "POST", "/v1/admin/import", order)
        assert [row["id"] for row in would["offices"] if row["change"] == "made"] == ["moved"]
        assert (await admin.ask("GET", "/v1/admin/offices/moved"))[0] == 404
        await admin.done(200, "POST", "/v1/admin/import", {**order, "dry_run": False})
        assert (await admin.get("/v1/admin/offices/moved"))["hidden_lines"] == ["31"]
        await admin.done(204, "DELETE", "/v1/admin/offices/moved")


async def test_a_file_with_a_mistake_changes_nothing_and_names_each(admin: Asker) -> None:
    text = "id,name,lat,lon\nfine,Fine,59.9,10.7\nbad,,95,10.7\n"
    status, body, _ = await admin.ask("POST", "/v1/admin/import", {"format": "csv", "text": text})
    assert status == 400
    assert {error["field"] for error in body["errors"]} == {"offices[1].name", "offices[1].lat"}
    assert all("(line 3)" in error["message"] for error in body["errors"])
    assert (await admin.ask("GET", "/v1/admin/offices/fine"))[0] == 404
    reader = (await admin.done(201, "POST", "/v1/admin/tokens", {"name": "r", "role": "reader"}))["token"]
    order = {"format": "csv", "text": "id,name,lat,lon\na,A,1,1\n"}
    assert (await admin.with_token(reader).ask("POST", "/v1/admin/import", order))[0] == 403


async def test_a_logo_is_a_picture(admin: Asker) -> None:
    status, body, _ = await admin.ask("POST", "/v1/admin/offices", office("l", logo="data:image/png;base64,aGVp"))
    assert (status, body["errors"]) == (400, [{"field": "logo", "message": "is no PNG picture"}])


async def test_the_log_is_read_page_by_page(admin: Asker) -> None:
    for number in range(5):
        await admin.done(201, "POST", "/v1/admin/keys", {"name": f"k{number}"})
    whole = (await admin.get("/v1/admin/audit?limit=5"))["entries"]
    first = await admin.get("/v1/admin/audit?limit=2")
    second = await admin.get(f"/v1/admin/audit?limit=3&before={first['next']}")
    assert first["entries"] + second["entries"] == whole
    assert (await admin.ask("GET", "/v1/admin/audit?before=yesterday"))[0] == 400


async def test_a_webhook_is_made_told_of_and_taken_back(admin: Asker) -> None:
    made = await admin.done(201, "POST", "/v1/admin/webhooks", {"name": "guard", "url": "https://guard.example/x"})
    assert made["secret"].startswith("whsec_")
    (told,) = (await admin.get("/v1/admin/webhooks"))["webhooks"]
    assert (told["url"], told["last"], "secret" in told) == ("https://guard.example/x", None, False)
    await admin.done(204, "DELETE", f"/v1/admin/webhooks/{made['id']}")
    for url in ("ftp://x", "https://me:secret@x/", "guard", "https://x y"):
        assert (await admin.ask("POST", "/v1/admin/webhooks", {"name": "n", "url": url}))[0] == 400


CSV = "id,name,lat,lon\n" + "".join(f"many-{n:02},Many {n},59.9,10.7\n" for n in range(25))


async def test_an_import_is_one_change_and_taken_back_as_one(admin: Asker) -> None:
    await admin.done(201, "POST", "/v1/admin/offices", office("many-03", name="As it was"))
    order = {"format": "csv", "text": CSV}
    done = await admin.done(200, "POST", "/v1/admin/import", order)
    assert [row["change"] for row in done["offices"]].count("made") == 24
    assert (await admin.get("/v1/offices/many-24"))["name"] == "Many 24"
    log = (await admin.get("/v1/admin/audit?limit=25"))["entries"]
    assert {entry["what"] for entry in log} == {"imported the office (made)", "imported the office (changed)"}
    assert len({entry["at"] for entry in log}) == 1
    (newest, *_) = (await admin.get("/v1/admin/offices/many-03/versions"))["versions"]
    assert newest["import_id"] == done["import_id"]

    await admin.done(200, "PUT", "/v1/admin/offices/many-05", office("many-05", name="Changed since"))
    status, refused, _ = await admin.ask("POST", f"/v1/admin/import/{done['import_id']}/undo")
    assert (status, "many-05" in refused["detail"]) == (409, True)
    assert (await admin.get("/v1/admin/offices/many-03"))["name"] == "Many 3"
    await admin.done(201, "POST", "/v1/admin/offices/many-05/undo")
    assert (await admin.ask("POST", f"/v1/admin/import/{done['import_id']}/undo"))[0] == 409  # that was a change too

    again = await admin.done(200, "POST", "/v1/admin/import", {**order, "text": CSV.replace("Many", "Other")})
    undone = await admin.done(200, "POST", f"/v1/admin/import/{again['import_id']}/undo")
    assert {row["change"] for row in undone["offices"]} == {"changed"}
    assert (await admin.get("/v1/admin/offices/many-03"))["name"] == "Many 3"
    redone = await admin.done(200, "POST", f"/v1/admin/import/{undone['import_id']}/undo")
    assert (await admin.get("/v1/admin/offices/many-03"))["name"] == "Other 3"
    for row in redone["offices"]:
        await admin.done(204, "DELETE", f"/v1/admin/offices/{row['id']}")
    assert (await admin.ask("POST", "/v1/admin/import/none/undo"))[0] == 404
    assert (await admin.done(200, "POST", "/v1/admin/import", {**order, "dry_run": True}))["import_id"] is None


async def test_offices_that_an_import_made_go_with_its_undo(admin: Asker) -> None:
    done = await admin.done(200, "POST", "/v1/admin/import", {"format": "csv", "text": CSV.replace("many-", "gone-")})
    undone = await admin.done(200, "POST", f"/v1/admin/import/{done['import_id']}/undo")
    assert {row["change"] for row in undone["offices"]} == {"removed"}
    assert (await admin.get("/v1/admin/offices?q=gone-"))["offices"] == []


async def test_lists_come_in_pages_and_are_searched(admin: Asker) -> None:
    made: dict[str, list[str]] = {}
    for number in range(5):
        named = f"paged {number}"
        webhook = {"name": named, "url": f"https://guard.example/{number}"}
        orders: dict[str, Any] = {
            "offices": office(f"paged-{number}", name=named),
            "keys": {"name": named},
            "tokens": {"name": named, "role": "reader"},
            "alerts": {"text": {"nb": named}},
            "webhooks": webhook,
        }
        for what, order in orders.items():
            made.setdefault(what, []).append((await admin.done(201, "POST", f"/v1/admin/{what}", order))["id"])
    for what, ids in made.items():
        first = await admin.get(f"/v1/admin/{what}?q=PAGED&limit=2")
        second = await admin.get(f"/v1/admin/{what}?q=PAGED&limit=3&after={first['next']}")
        assert [row["id"] for page in (first, second) for row in page[what]] == sorted(ids), what
        assert second["next"] is None
        assert [row["id"] for row in (await admin.get(f"/v1/admin/{what}?q=paged%203"))[what]] == [ids[3]]
        assert (await admin.ask("GET", f"/v1/admin/{what}?limit=0"))[0] == 400
    names = await admin.get("/v1/admin/office-names?q=paged&limit=1")
    assert names == {"offices": [{"id": "paged-0", "name": "paged 0"}], "next": "paged-0"}
    public = await admin.get("/v1/offices?limit=1")
    walked = [public["offices"][0]["id"]]
    while public["next"] is not None:
        public = await admin.get(f"/v1/offices?limit=2&after={public['next']}")
        walked += [row["id"] for row in public["offices"]]
    assert walked == [row["id"] for row in (await admin.get("/v1/offices"))["offices"]]
    assert [row["id"] for row in (await admin.get("/v1/offices?q=paged%204"))["offices"]] == ["paged-4"]
    assert (await admin.ask("GET", "/v1/offices?after=nobody"))[0] == 404
    for what, ids in made.items():
        for id_ in ids:
            await admin.done(204, "DELETE", f"/v1/admin/{what}/{id_}")


async def test_a_preview_is_the_view_of_a_draft_and_stores_nothing(admin: Asker) -> None:
    before = await admin.get("/v1/admin/offices/fornebu")
    same = await admin.done(200, "POST", "/v1/admin/preview", before)
    told = await admin.get("/v1/offices/fornebu/view")
    assert same["office"] == told["office"]
    assert [board["stop"] for board in same["boards"]] == [board["stop"] for board in told["boards"]]

    stop = told["boards"][0]["stop"]["id"]
    draft = {**before, "name": "Draft", "destinations": [OSLO_S], "hidden_stops": [stop], "layout": "map"}
    seen = await admin.done(200, "POST", "/v1/admin/preview", draft)
    assert (seen["office"]["name"], seen["office"]["layout"]) == ("Draft", "map")
    assert [group["destination"]["name"] for group in seen["suggestions"]] == ["Oslo S"]
    assert stop not in {board["stop"]["id"] for board in seen["boards"]}
    assert (await admin.done(200, "POST", "/v1/admin/preview", office("not-there")))["boards"] != []
    assert await admin.get("/v1/admin/offices/fornebu") == before
    assert (await admin.ask("GET", "/v1/admin/offices/not-there"))[0] == 404
    status, body, _ = await admin.ask("POST", "/v1/admin/preview", {**draft, "lat": 91, "modes": ["rocket"]})
    assert (status, {error["field"] for error in body["errors"]}) == (400, {"lat", "modes[0]"})


async def test_a_preview_is_for_who_may_change_the_office_and_has_a_limit(admin: Asker) -> None:
    tokens = {}
    for role, offices in (("partner", ["fornebu"]), ("reader", [])):
        order = {"name": role, "role": role, "offices": offices}
        tokens[role] = admin.with_token((await admin.done(201, "POST", "/v1/admin/tokens", order))["token"])
    assert (await tokens["reader"].ask("POST", "/v1/admin/preview", office("fornebu")))[0] == 403
    assert (await tokens["partner"].ask("POST", "/v1/admin/preview", office("lysaker")))[0] == 403

    async def preview(asker: Asker, body: dict[str, Any]) -> tuple[int, aiohttp.ClientResponse]:
        status, _, answer = await asker.ask("POST", "/v1/admin/preview", body)
        return status, answer

    statuses: set[int] = set()
    for _ in range(40):  # the bucket holds 120 and gets 2 a second
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(preview(tokens["partner"], {})) for _ in range(25)]
        statuses |= {task.result()[0] for task in asked}
        if 429 in statuses:
            break
    assert statuses == {400, 429}, "what is refused counts too"
    assert all("Retry-After" in task.result()[1].headers for task in asked if task.result()[0] == 429)
    assert (await preview(admin, office("fornebu")))[0] == 200

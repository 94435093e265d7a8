"""Over real HTTP: validators, and every fault does to a client what it says."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import zipfile

import aiohttp
import pytest
from google.transit import gtfs_realtime_pb2 as pb

from tests.unit.simulator.conftest import Client, SetClock


async def test_the_index_lists_feeds_that_all_answer(client: Client) -> None:
    index = json.loads((await client.get("/"))[1])
    assert len(index["feeds"]) >= 15
    for url in index["feeds"]:
        status, body, headers = await client.get(url.removeprefix(client.base))
        assert status == 200, url
        assert body
        assert headers["ETag"].startswith('"')
        assert "Last-Modified" in headers


@pytest.mark.parametrize("path", ["/gtfs.zip", "/trip-updates.pb", "/gbfs/bysykkel/station_status.json"])
async def test_a_client_that_has_it_gets_304_until_it_changes(client: Client, clock: SetClock, path: str) -> None:
    _, _, headers = await client.get(path)
    assert (await client.get(path, If_None_Match=headers["ETag"]))[0] == 304
    assert (await client.get(path, If_Modified_Since=headers["Last-Modified"]))[0] == 304
    clock.time += 8 * 86400
    status, _, later = await client.get(path, If_None_Match=headers["ETag"])
    assert status == 200
    assert later["ETag"] != headers["ETag"]


async def test_replies_are_compressed_when_asked(clock: SetClock, client: Client) -> None:
    async with (
        aiohttp.ClientSession(auto_decompress=False) as http,
        http.get(f"{client.base}/trip-updates.pb", headers={"Accept-Encoding": "gzip"}) as reply,
    ):
        assert reply.headers["Content-Encoding"] == "gzip"
        data = gzip.decompress(await reply.read())
        tag = reply.headers["ETag"]
    assert pb.FeedMessage.FromString(data).entity
    _, plain, headers = await client.get("/trip-updates.pb", Accept_Encoding="identity")
    assert plain == data
    assert headers["ETag"] != tag


async def test_an_injected_delay_is_in_the_next_reply_with_a_later_timestamp(client: Client) -> None:
    trips = json.loads((await client.get("/trips?line=31&stop=NSR:StopPlace:3609"))[1])["trips"]
    trip = next(t for t in trips if not t["cancelled"] and not t["added"] and not t["started"])
    _, before, headers = await client.get("/trip-updates.pb")
    status, fault = await client.fault(kind="delay", trip_id=trip["trip_id"], delay_s=600)
    assert status == 201
    _, after, later = await client.get("/trip-updates.pb", If_None_Match=headers["ETag"])
    old, new = pb.FeedMessage.FromString(before), pb.FeedMessage.FromString(after)
    assert later["ETag"] != headers["ETag"]
    assert new.header.timestamp > old.header.timestamp
    update = next(e.trip_update for e in new.entity if e.trip_update.trip.trip_id == trip["trip_id"])
    assert {u.departure.delay for u in update.stop_time_update} == {600}
    assert await client.clear(str(fault["id"])) == 204
    _, healed, _ = await client.get("/trip-updates.pb")
    assert pb.FeedMessage.FromString(healed).header.timestamp > new.header.timestamp


async def test_cancel_skip_and_platform_reach_the_feed(client: Client) -> None:
    trips = json.loads((await client.get("/trips?line=R13"))[1])["trips"]
    first, second, third = [t for t in trips if not t["cancelled"] and len(t["calls"]) > 4][:3]
    await client.fault(kind="cancel", trip_id=first["trip_id"], service_date=first["service_date"])
    await client.fault(kind="skip_stop", trip_id=second["trip_id"], stop=second["calls"][2]["stop_id"])
    await client.fault(
        kind="platform", trip_id=third["trip_id"], stop=third["calls"][2]["station"], quay="NSR:Quay:250"
    )
    message = pb.FeedMessage.FromString((await client.get("/trip-updates.pb"))[1])
    found = {entity.trip_update.trip.trip_id: entity.trip_update for entity in message.entity}
    assert found[first["trip_id"]].trip.schedule_relationship == pb.TripDescriptor.CANCELED
    skipped = [u for u in found[second["trip_id"]].stop_time_update if u.schedule_relationship == u.SKIPPED]
    assert second["calls"][2]["stop_id"] in {u.stop_id for u in skipped}
    moved = {u.stop_time_properties.assigned_stop_id for u in found[third["trip_id"]].stop_time_update}
    assert "NSR:Quay:250" in moved


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "kind"),
        ({"kind": "delay", "trip_id": "x"}, "delay_s"),
        ({"kind": "delay", "delay_s": 60}, "trip_id"),
        ({"kind": "delay", "trip_id": "x", "delay_s": "60"}, "delay_s"),
        ({"kind": "cancel", "trip_id": "x", "service_date": "24.11.2026"}, "service_date"),
        ({"kind": "feed", "feed": "alerts", "mode": "nonsense"}, "mode"),
        ({"kind": "feed", "feed": "trip_updates", "mode": "500"}, "feed"),
        ({"kind": "cancel", "line": "31Z"}, "line"),
        ({"kind": "empty_station", "station_id": "0"}, "station_id"),
        ({"kind": "cancel", "trip_id": "x", "color": "red"}, "color"),
    ],
)
async def test_a_wrong_fault_is_refused_by_field(client: Client, body: dict[str, object], field: str) -> None:
    status, problem = await client.fault(**body)
    assert status == 400
    assert problem["errors"][0]["field"] == field  # type: ignore[index]


@pytest.mark.parametrize("mode", ["500", "404", "503", "429"])
async def test_errors_by_status(client: Client, mode: str) -> None:
    await client.fault(kind="feed", feed="alerts", mode=mode, retry_after_s=7, times=1)
    status, _, headers = await client.get("/alerts.pb")
    assert status == int(mode)
    assert headers.get("Retry-After") == ("7" if mode in ("429", "503") else None)
    assert (await client.get("/alerts.pb"))[0] == 200


async def test_content_that_is_no_feed(client: Client) -> None:
    for mode in ("html", "empty", "garbage", "truncate"):
        good = (await client.get("/trip-updates.pb"))[1]
        await client.fault(kind="feed", feed="trip-updates", mode=mode, times=1)
        status, bad, _ = await client.get("/trip-updates.pb")
        assert status == 200
        assert bad != good
        assert (mode == "empty") == (bad == b"")


async def test_messages_from_another_time(client: Client, clock: SetClock) -> None:
    for mode, shift in (("old", -7200), ("future", 7200)):
        await client.fault(kind="feed", feed="trip-updates", mode=mode, times=1)
        message = pb.FeedMessage.FromString((await client.get("/trip-updates.pb"))[1])
        assert abs(message.header.timestamp - (clock.time + shift)) < 10


async def test_a_stale_feed_stays_as_it_was_found(client: Client, clock: SetClock) -> None:
    await client.fault(kind="feed", feed="bysykkel/station_status", mode="stale")
    first = await client.get("/gbfs/bysykkel/station_status.json")
    clock.time += 900
    assert (await client.get("/gbfs/bysykkel/station_status.json"))[1] == first[1]
    assert (await client.get("/gbfs/bysykkel/station_status.json", If_None_Match=first[2]["ETag"]))[0] == 304
    await client.clear()
    assert (await client.get("/gbfs/bysykkel/station_status.json"))[1] != first[1]


async def test_zips_that_are_bad_in_their_own_ways(client: Client) -> None:
    await client.fault(kind="feed", feed="gtfs", mode="bad-zip", times=1)
    damaged = (await client.get("/gtfs.zip"))[1]
    with zipfile.ZipFile(io.BytesIO(damaged)) as archive:
        assert archive.testzip() is not None
    await client.fault(kind="feed", feed="gtfs", mode="zip-slip", times=1)
    with zipfile.ZipFile(io.BytesIO((await client.get("/gtfs.zip"))[1])) as archive:
        assert any(name.startswith("../") for name in archive.namelist())
    whole = len((await client.get("/gtfs.zip"))[1])
    await client.fault(kind="feed", feed="gtfs", mode="shrunk", times=1)
    assert len((await client.get("/gtfs.zip"))[1]) < whole / 3


async def test_a_hanging_feed_says_nothing_and_a_dripping_one_nearly_nothing(client: Client) -> None:
    await client.fault(kind="feed", feed="alerts", mode="hang", times=1)
    with pytest.raises(asyncio.TimeoutError):
        async with asyncio.timeout(0.3):
            await client.get("/alerts.pb")
    await client.fault(kind="feed", feed="alerts", mode="drip", times=1)
    async with client.http.get(f"{client.base}/alerts.pb") as reply:
        assert reply.status == 200
        assert len(await reply.content.readany()) < 10


async def test_a_huge_reply_has_no_length_and_more_than_was_asked_for(client: Client) -> None:
    await client.fault(kind="feed", feed="alerts", mode="huge", size_mb=8, times=1)
    _, body, headers = await client.get("/alerts.pb")
    assert "Content-Length" not in headers
    assert len(body) == 8 << 20


async def test_faults_are_listed_and_end_one_by_one(client: Client) -> None:
    _, one = await client.fault(kind="empty_station", station_id="454")
    await client.fault(kind="feed", feed="gtfs", mode="500")
    listed = json.loads((await client.get("/faults"))[1])["faults"]
    assert [fault["kind"] for fault in listed] == ["empty_station", "feed"]
    assert await client.clear(str(one["id"])) == 204
    assert await client.clear(str(one["id"])) == 404
    assert await client.clear() == 204
    assert json.loads((await client.get("/faults"))[1])["faults"] == []


async def test_unknown_paths_are_404(client: Client) -> None:
    for path in ("/nothing.pb", "/gbfs/nowhere/gbfs.json", "/gbfs/bysykkel/nothing.json"):
        assert (await client.get(path))[0] == 404

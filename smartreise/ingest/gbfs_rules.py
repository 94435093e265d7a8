"""Reads where rides may start and end (geofencing_zones) and what they cost (system_pricing_plans).

What a reader would get wrong: where nothing is said everything is allowed. Version 2 has one word for starting and
ending (``ride_allowed``), version 3 has two; a zone outside its hours is no zone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from smartreise.ingest.gbfs_values import find_flag, find_id, find_number, find_text, find_time
from smartreise.model.mobility import PricePart, PricingPlan, Zone, ZoneRule, Zones

Ring = tuple[tuple[float, ...], tuple[float, ...]]


def read_zones(content: Mapping[str, Any], *, now: int) -> tuple[Zones | None, int]:
    """The zones in effect at epoch second ``now``, and how many were left out as unreadable."""
    collection = content.get("geofencing_zones")
    features = collection.get("features") if isinstance(collection, dict) else None
    elsewhere = _rules(content.get("global_rules"))
    zones, unreadable = [], 0
    for feature in features if isinstance(features, list) else ():
        zone = _zone(feature)
        if zone is None:
            unreadable += 1
        elif _is_on(feature["properties"], now):
            zones.append(zone)
    if not zones and not elsewhere:
        return None, unreadable
    digest = hashlib.blake2b(repr((zones, elsewhere)).encode(), digest_size=12).hexdigest()
    return Zones(digest, tuple(zones), elsewhere), unreadable


def _zone(feature: Any) -> Zone | None:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return None
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict):
        return None
    coordinates = geometry.get("coordinates")
    lists = [coordinates] if geometry.get("type") == "Polygon" else coordinates
    if not isinstance(lists, list):
        return None
    try:
        polygons = tuple(tuple(_ring(ring) for ring in polygon) for polygon in lists)
    except (TypeError, ValueError, IndexError, KeyError):
        return None
    return Zone(tuple(p for p in polygons if p), _rules(feature["properties"].get("rules")))


def _ring(points: Any) -> Ring:
    lons, lats = zip(*((float(point[0]), float(point[1])) for point in points), strict=True)
    if len(lats) < 3:
        raise ValueError("a ring has three points at least")
    return lats, lons


def _is_on(properties: Mapping[str, Any], now: int) -> bool:
    start, end = find_time(properties.get("start")), find_time(properties.get("end"))
    return (start is None or start <= now) and (end is None or now < end)


def _rules(rows: Any) -> tuple[ZoneRule, ...]:
    return tuple(_rule(row) for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()


def _rule(row: Mapping[str, Any]) -> ZoneRule:
    named = next((row[key] for key in ("vehicle_type_ids", "vehicle_type_id") if row.get(key)), None)
    listed = named if isinstance(named, list) else [] if named is None else [named]
    types = frozenset(id_ for item in listed if (id_ := find_id(item)) is not None)
    both = find_flag(row.get("ride_allowed"))
    start, end = find_flag(row.get("ride_start_allowed")), find_flag(row.get("ride_end_allowed"))
    return ZoneRule(types or None, both if start is None else start, both if end is None else end)


def read_plans(content: Mapping[str, Any]) -> tuple[dict[str, PricingPlan], int]:
    """Plans by id, and how many were left out as unreadable."""
    plans: dict[str, PricingPlan] = {}
    rows = content.get("plans")
    unreadable = 0
    for row in rows if isinstance(rows, list) else ():
        plan = _plan(row) if isinstance(row, dict) else None
        if plan is None:
            unreadable += 1
        else:
            plans[plan.id] = plan
    return plans, unreadable


def _plan(row: Mapping[str, Any]) -> PricingPlan | None:
    id_, price, currency = find_id(row.get("plan_id")), find_number(row.get("price")), find_text(row.get("currency"))
    if id_ is None or price is None or currency is None or price < 0:
        return None
    by_time, by_way = tuple(_parts(row.get("per_min_pricing"))), tuple(_parts(row.get("per_km_pricing")))
    return PricingPlan(id_, find_text(row.get("name")), currency, price, by_time, by_way)


def _parts(rows: Any) -> Iterator[PricePart]:
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            continue
        start, rate, interval = (find_number(row.get(key)) for key in ("start", "rate", "interval"))
        if rate is not None and interval is not None and interval >= 0:
            yield PricePart(start or 0.0, rate, interval, find_number(row.get("end")))

"""Great circles on a sphere are near enough to the ellipsoid for walks and rides."""

from __future__ import annotations

import pytest
from geopy.distance import geodesic

from smartreise.model.geo import distance_m


@pytest.mark.parametrize("lat", [-60.0, 0.0, 37.8, 59.9, 70.0])
@pytest.mark.parametrize(("north", "east"), [(0.01, 0.0), (0.0, 0.02), (0.013, -0.027), (1.0, 2.0)])
def test_distances_differ_from_the_ellipsoid_by_less_than_six_in_a_thousand(
    lat: float, north: float, east: float
) -> None:
    there = lat + north, 10.0 + east
    assert distance_m(lat, 10.0, *there) == pytest.approx(geodesic((lat, 10.0), there).m, rel=0.006)

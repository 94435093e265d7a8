"""What a ride on a shared vehicle will cost, by the provider's pricing plan: an estimate, as far as plans tell.

What a reader would get wrong: a price is told only where the vehicle or its type names a plan. A list of plans alone
(season tickets, day passes) says nothing of one ride.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from smartreise.model.mobility import PricePart, PricingPlan
from smartreise.suggest.ways import Hire


@dataclass(frozen=True, slots=True)
class Price:
    """``amount`` in ``currency`` (ISO 4217)."""

    amount: float
    currency: str
    plan: str | None


def find_price(hire: Hire, *, duration_s: float, distance_m: float) -> Price | None:
    """What a ride of this length costs; None where nobody says."""
    plan = _plan(hire)
    if plan is None:
        return None
    return Price(round(cost_of(plan, duration_s=duration_s, distance_m=distance_m), 2), plan.currency, plan.name)


def cost_of(plan: PricingPlan, *, duration_s: float, distance_m: float) -> float:
    """The plan's price and its parts by time and distance."""
    return plan.price + _sum(plan.per_minute, duration_s / 60) + _sum(plan.per_km, distance_m / 1000)


def _plan(hire: Hire) -> PricingPlan | None:
    own = hire.vehicle.plan_id if hire.vehicle is not None else None
    type_id = hire.vehicle.type_id if hire.vehicle is not None else None
    kinds = [t for t in hire.system.vehicle_types if t.form == hire.form and type_id in (None, t.id)]
    named = {own} if own is not None else {kind.plan_id for kind in kinds}
    plan_id = named.pop() if len(named) == 1 else None
    return hire.system.plans.get(plan_id) if plan_id is not None else None


def _sum(parts: Sequence[PricePart], used: float) -> float:
    total = 0.0
    for part in parts:
        until = used if part.end is None else min(used, part.end)
        if until > part.start or (part.start == 0 and until == 0):
            begun = 1 if part.interval == 0 else max(1, math.ceil(round((until - part.start) / part.interval, 9)))
            total += part.rate * begun
    return total

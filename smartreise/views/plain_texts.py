"""What the page without scripts says, in each language.

What a reader would get wrong: these are the words of web/src/i18n, said by the server; a screen that falls back to
this page must not change its language or its wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTexts:
    """`{}` stands for the one value that a text takes."""

    language: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    date: str
    how: str
    nearby: str
    door: str
    leave_in: str
    leave_now: str
    leave_at: str
    leave: str
    drawn: str
    any_time: str
    takes: str
    arrive: str
    no_changes: str
    one_change: str
    changes: str
    walk: str
    at_once: str
    one_free: str
    free: str
    state: Mapping[str, str]
    modes: Mapping[str, str]
    forms: Mapping[str, str]
    reasons: Mapping[str, str]
    cancelled: str
    new_platform: str
    hurry: str
    missed: str
    tomorrow: str
    no_way: str
    no_departures: str
    empty: str
    night: str
    stale_since: str
    no_realtime: str
    alerts: str
    saved: str
    decimal: str
    shown_at: str
    feeds: str
    feed_states: Mapping[str, str]
    feed_kinds: Mapping[str, str]
    seconds: str
    minutes: str
    hours: str
    never: str

    def count_changes(self, number: int) -> str:
        """ "ingen bytter", "1 bytte", "2 bytter"."""
        return {0: self.no_changes, 1: self.one_change}.get(number) or self.changes.format(number)

    def count_free(self, number: int) -> str:
        """ "1 ledig", "2 ledige"."""
        return self.one_free if number == 1 else self.free.format(number)


_NB: Final = PlainTexts(
    language="nb",
    weekdays=("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    months=(
        "januar", "februar", "mars", "april", "mai", "juni",
        "juli", "august", "september", "oktober", "november", "desember",
    ),
    date="{weekday} {day}. {month}",
    how="Slik kommer du fram",
    nearby="Avganger i nærheten",
    door="Ved døra",
    leave_in="Gå om {} min",
    leave_now="Gå nå",
    leave_at="kl. {}",
    leave="Gå",
    drawn="Tegnet kl. {}",
    any_time="Når du vil",
    takes="tar {} min",
    arrive="framme {}",
    no_changes="ingen bytter",
    one_change="1 bytte",
    changes="{} bytter",
    walk="{} min å gå",
    at_once="like ved",
    one_free="1 ledig",
    free="{} ledige",
    state={"closed": "stengt", "stale": "ukjent nå", "unknown": "ukjent"},
    modes={
        "walk": "gange", "bike": "sykkel", "scooter": "sparkesykkel", "car": "bil", "bus": "buss",
        "coach": "ekspressbuss", "tram": "trikk", "metro": "T-bane", "rail": "tog", "ferry": "båt",
        "funicular": "kabelbane", "gondola": "gondol", "air": "fly", "taxi": "taxi",
    },
    forms={
        "bike": "Bysykler", "scooter": "Sparkesykler", "car": "Delebiler", "moped": "Elmopeder",
        "cargo_bike": "Lastesykler",
    },
    reasons={
        "trip_cancelled": "innstilt", "trip_withdrawn": "går ikke", "stop_skipped": "stopper ikke her",
        "missed_change": "rekker ikke byttet", "tight_change": "knapp overgang", "no_vehicle": "ingen ledige igjen",
        "last_vehicles": "de siste ledige", "last_docks": "få ledige låser", "no_dock": "ingen ledig lås",
        "provider_closed": "stengt",
    },
    cancelled="innstilt",
    new_platform="ny plattform {}",
    hurry="skynd deg",
    missed="rekkes ikke",
    tomorrow="i morgen",
    no_way="Ingen reise funnet den neste timen",
    no_departures="Ingen flere avganger i dag",
    empty="Verken kollektivtrafikk eller delte kjøretøy er funnet i nærheten.",
    night="Ingen flere avganger i natt. Første avgang herfra går {}",
    stale_since="Sanntid mangler siden {}",
    no_realtime="Rutetider – ingen sanntid",
    alerts="Avvik",
    saved="{} kg CO₂ spart",
    decimal=",",
    shown_at="Siden er fra kl. {} og fornyes hvert halve minutt.",
    feeds="Kilder",
    feed_states={"fresh": "fersk", "stale": "gammel", "failing": "feiler", "never": "aldri hentet"},
    feed_kinds={"static": "ruteplan", "realtime": "sanntid", "mobility": "delte kjøretøy"},
    seconds="for {} s siden",
    minutes="for {} min siden",
    hours="for {} t siden",
    never="aldri",
)  # fmt: skip

_NN: Final = PlainTexts(
    language="nn",
    weekdays=("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "sundag"),
    months=_NB.months,
    date="{weekday} {day}. {month}",
    how="Slik kjem du fram",
    nearby="Avgangar i nærleiken",
    door="Ved døra",
    leave_in="Gå om {} min",
    leave_now="Gå no",
    leave_at="kl. {}",
    leave="Gå",
    drawn="Teikna kl. {}",
    any_time="Når du vil",
    takes="tek {} min",
    arrive="framme {}",
    no_changes="ingen byte",
    one_change="1 byte",
    changes="{} byte",
    walk="{} min å gå",
    at_once="like ved",
    one_free="1 ledig",
    free="{} ledige",
    state={"closed": "stengt", "stale": "ukjent no", "unknown": "ukjent"},
    modes=_NB.modes,
    forms={
        "bike": "Bysyklar", "scooter": "Sparkesyklar", "car": "Delebilar", "moped": "Elmopedar",
        "cargo_bike": "Lastesyklar",
    },
    reasons={
        "trip_cancelled": "innstilt", "trip_withdrawn": "går ikkje", "stop_skipped": "stoppar ikkje her",
        "missed_change": "rekk ikkje bytet", "tight_change": "knapp overgang", "no_vehicle": "ingen ledige att",
        "last_vehicles": "dei siste ledige", "last_docks": "få ledige låsar", "no_dock": "ingen ledig lås",
        "provider_closed": "stengt",
    },
    cancelled="innstilt",
    new_platform="ny plattform {}",
    hurry="skund deg",
    missed="rekk ikkje",
    tomorrow="i morgon",
    no_way="Inga reise funnen den neste timen",
    no_departures="Ingen fleire avgangar i dag",
    empty="Verken kollektivtrafikk eller delte køyretøy er funne i nærleiken.",
    night="Ingen fleire avgangar i natt. Første avgang herfrå går {}",
    stale_since="Sanntid manglar sidan {}",
    no_realtime="Rutetider – ingen sanntid",
    alerts="Avvik",
    saved="{} kg CO₂ spart",
    decimal=",",
    shown_at="Sida er frå kl. {} og blir fornya kvart halve minutt.",
    feeds="Kjelder",
    feed_states={"fresh": "fersk", "stale": "gammal", "failing": "feilar", "never": "aldri henta"},
    feed_kinds={"static": "ruteplan", "realtime": "sanntid", "mobility": "delte køyretøy"},
    seconds="for {} s sidan",
    minutes="for {} min sidan",
    hours="for {} t sidan",
    never="aldri",
)  # fmt: skip

_EN: Final = PlainTexts(
    language="en",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    date="{weekday} {day} {month}",
    how="How to get there",
    nearby="Departures nearby",
    door="At the door",
    leave_in="Leave in {} min",
    leave_now="Leave now",
    leave_at="at {}",
    leave="Leave",
    drawn="Drawn at {}",
    any_time="Any time",
    takes="takes {} min",
    arrive="arrive {}",
    no_changes="no changes",
    one_change="1 change",
    changes="{} changes",
    walk="{} min walk",
    at_once="next door",
    one_free="1 free",
    free="{} free",
    state={"closed": "closed", "stale": "unknown now", "unknown": "unknown"},
    modes={
        "walk": "walk", "bike": "bike", "scooter": "scooter", "car": "car", "bus": "bus", "coach": "coach",
        "tram": "tram", "metro": "metro", "rail": "train", "ferry": "ferry", "funicular": "funicular",
        "gondola": "gondola", "air": "plane", "taxi": "taxi",
    },
    forms={
        "bike": "City bikes", "scooter": "Scooters", "car": "Shared cars", "moped": "Mopeds",
        "cargo_bike": "Cargo bikes",
    },
    reasons={
        "trip_cancelled": "cancelled", "trip_withdrawn": "does not run", "stop_skipped": "does not stop here",
        "missed_change": "the change is too short", "tight_change": "tight change", "no_vehicle": "none left",
        "last_vehicles": "the last ones free", "last_docks": "few free docks", "no_dock": "no free dock",
        "provider_closed": "closed",
    },
    cancelled="cancelled",
    new_platform="new platform {}",
    hurry="hurry",
    missed="out of reach",
    tomorrow="tomorrow",
    no_way="No journey found in the next hour",
    no_departures="No more departures today",
    empty="Neither public transport nor shared vehicles were found nearby.",
    night="No more departures tonight. The first departure from here leaves at {}",
    stale_since="No live data since {}",
    no_realtime="Timetable – nothing live",
    alerts="Alerts",
    saved="{} kg CO₂ saved",
    decimal=".",
    shown_at="This page is from {} and renews itself every half minute.",
    feeds="Sources",
    feed_states={"fresh": "fresh", "stale": "stale", "failing": "failing", "never": "never fetched"},
    feed_kinds={"static": "timetable", "realtime": "real time", "mobility": "shared vehicles"},
    seconds="{} s ago",
    minutes="{} min ago",
    hours="{} h ago",
    never="never",
)  # fmt: skip

PLAIN_TEXTS: Final = {texts.language: texts for texts in (_NB, _NN, _EN)}

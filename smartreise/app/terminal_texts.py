"""What `plan`, `board` and `watch` say beside the words of the page without scripts, in each language."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from smartreise.views.plain_texts import PLAIN_TEXTS, PlainTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalTexts:
    """`{}` stands for the values that a text takes, in their order."""

    page: PlainTexts
    to: str
    live: str
    old: str
    planned: str
    platform: str
    new_platform: str
    way: str
    no_way: str
    change_chance: str
    by: str
    price: str
    last: str
    soon: str
    lost: str


_NB: Final = TerminalTexts(
    page=PLAIN_TEXTS["nb"],
    to="Til {}",
    live="sanntid",
    old="sanntid er gammel",
    planned="rutetid {}",
    platform="plattform {}",
    new_platform="ny plattform",
    way="gå {}, framme {}",
    no_way="ingen reise funnet",
    change_chance="byttet går {} av 100 ganger",
    by="{} {} m til {}",
    price="om lag {} {}",
    last="siste i kveld",
    soon="SNART",
    lost="mistet forbindelsen; prøver igjen om {} s",
)
_NN: Final = replace(
    _NB,
    page=PLAIN_TEXTS["nn"],
    old="sanntida er gammal",
    no_way="inga reise funnen",
    change_chance="bytet går {} av 100 gonger",
    lost="mista sambandet; prøver att om {} s",
)
_EN: Final = TerminalTexts(
    page=PLAIN_TEXTS["en"],
    to="To {}",
    live="live",
    old="live data are old",
    planned="timetable {}",
    platform="platform {}",
    new_platform="new platform",
    way="leave {}, arrive {}",
    no_way="no journey found",
    change_chance="the change works {} times in 100",
    by="{} {} m to {}",
    price="about {} {}",
    last="last one tonight",
    soon="SOON",
    lost="lost the connection; trying again in {} s",
)
TERMINAL_TEXTS: Final[Mapping[str, TerminalTexts]] = {texts.page.language: texts for texts in (_NB, _NN, _EN)}


def language_of_terminal() -> str:
    """Of the languages that we speak, the one that the environment names; bokmål where it names none of them."""
    told = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return next((name for name in TERMINAL_TEXTS if told.startswith(name)), "nb")

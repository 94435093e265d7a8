"""Who asks, and what that role may do: an administrator everything, a partner its own offices, a reader looks on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from smartreise.model.problems import NotAllowed

Role = Literal["admin", "partner", "reader"]
_RANK: Final = {"reader": 0, "partner": 1, "admin": 2}


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever holds a token. `offices` are a partner's."""

    id: str
    name: str
    role: Role
    offices: frozenset[str] = frozenset()

    def need(self, role: Role) -> None:
        """Raises `NotAllowed` when the role is too small."""
        if _RANK[self.role] < _RANK[role]:
            raise NotAllowed(f"this needs the role {role}; the token's is {self.role}")

    def sees(self, office: str) -> bool:
        """May it look at this office and its screens?"""
        return self.role != "partner" or office in self.offices

    def need_office(self, office: str) -> None:
        """Raises `NotAllowed` unless it may change this office and its screens."""
        self.need("partner")
        if not self.sees(office):
            raise NotAllowed(f"office {office} is none of this token's")

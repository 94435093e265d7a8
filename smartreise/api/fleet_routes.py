"""The table of administration: what each address takes, gives, and who may ask. Routes and OpenAPI come from it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, Struct

from smartreise.fleet import records
from smartreise.fleet.desks import Desks
from smartreise.fleet.offices import TOLD_ONLY, checked, office_of
from smartreise.fleet.pages import MOST, Page
from smartreise.fleet.roles import Caller, Role
from smartreise.model.region import Office
from smartreise.views import wire
from smartreise.views.displays import DisplayState
from smartreise.views.params import Choice, Parameter, Text, Whole

_ENTRY: Final = "[0-9]{1,19}(-[0-9]{1,19})?"


@dataclass(frozen=True, slots=True, kw_only=True)
class _EntryId(Parameter[str]):
    """An entry of the log."""

    def parse(self, text: str) -> str:
        if not re.fullmatch(_ENTRY, text):
            raise self.refuse("is no entry's id")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{_ENTRY}$"}


NOBODY: Final = Caller("", "", "reader")
_AUDIT_LIMIT: Final = Whole(name="limit", about="How many at most.", least=1, most=1000, default="100")
_BEFORE: Final = _EntryId(name="before", about="Only entries older than this one: `next` of the answer before.")
_LIMIT: Final = Whole(name="limit", about="How many at most.", least=1, most=MOST, default=str(MOST))
_AFTER: Final = Text(name="after", about="Only what comes after this id: `next` of the answer before.")
_SEARCH: Final = Text(name="q", about="Only what has this text in its id, its name or what else it is known by.")
#: of every list that grows
_PAGED: Final = (_LIMIT, _AFTER, _SEARCH)
_FORMAT: Final = Choice(name="format", about="What the file is to be.", known=("json", "toml", "csv"), default="json")
_OFFICE: Final = Text(name="office", about="Only this office's.", example="fornebu")
_GROUP: Final = Text(name="group", about="Only this group's.")


#: what a POST of these does makes nothing
_ANSWERS: Final = frozenset({"sign in", "screen", "import", "preview"})


@dataclass(frozen=True, slots=True)
class Call:
    """One request, understood. `bearer` is what an endpoint for screens holds against its own secrets."""

    caller: Caller
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    bearer: str
    #: the configuration as the topic `display` tells it
    configuration: Callable[[str], Awaitable[DisplayState]]
    #: what an office's screens would show if it were so
    compose: Callable[[Office], Awaitable[wire.OfficeView]]

    @property
    def id(self) -> str:
        return self.path["id"]

    @property
    def page(self) -> Page:
        """The part of a list that `_PAGED` asks for."""
        return Page(_LIMIT.get(self.query), _AFTER.find(self.query) or "", _SEARCH.find(self.query) or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`role` None: no administrator's affair. `special`: what its handler does beyond `run`."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    name: str
    about: str
    run: Callable[[Desks, Call], Awaitable[Struct | None]]
    role: Role | None = "reader"
    body: type[Struct] | None = None
    #: fields that may stand in the body and count for nothing
    ignored: frozenset[str] = frozenset()
    result: type[Struct] | None = None
    parameters: Sequence[Parameter[Any]] = ()
    special: Literal["pair", "sign in", "sign out", "screen", "office", "import", "preview"] | None = None

    @property
    def status(self) -> int:
        if self.result is None:
            return 204
        return 201 if self.method == "POST" and self.special not in _ANSWERS else 200


async def _configuration(desks: Desks, call: Call) -> Struct:
    token = await desks.displays.ask(call.id, call.bearer)
    state = await call.configuration(call.id)
    return msgspec.structs.replace(state, token=UNSET if token is None else token)


async def _preview(desks: Desks, call: Call) -> Struct:
    call.caller.need_office(call.body.id)
    return await call.compose(office_of(checked(call.body)))


async def _audit(desks: Desks, call: Call) -> Struct:
    limit, before = _AUDIT_LIMIT.get(call.query), _BEFORE.find(call.query)
    return await desks.ledger.audit(call.caller, limit=limit, before=before)


async def _session(desks: Desks, call: Call) -> Struct:
    return desks.keys.session(call.caller)


async def _nothing(desks: Desks, call: Call) -> None:
    return None


_A: Final = "/v1/admin"
OPERATIONS: Final = (
    Operation(method="POST", path="/v1/displays", name="begin_pairing", about="A screen asks for a pairing code",
              role=None, result=records.Pairing, special="pair", run=lambda d, c: d.displays.begin()),
    Operation(method="GET", path="/v1/displays/{id}", name="display",
              about="A screen's configuration, for its secret (then with its token, once claimed) or its token",
              role=None, result=DisplayState, special="screen", run=_configuration),
    Operation(method="POST", path="/v1/displays/{id}/heartbeat", name="heartbeat", about="A screen says how it fares",
              role=None, body=records.Heartbeat, result=records.HeartbeatTaken, special="screen",
              run=lambda d, c: d.displays.beat(c.id, c.bearer, c.body)),
    Operation(method="POST", path=f"{_A}/session", name="sign_in", about="A session's cookie for a token",
              role=None, body=records.SessionOrder, result=records.Session, special="sign in", run=_session),
    Operation(method="GET", path=f"{_A}/session", name="session", about="Who is signed in",
              result=records.Session, run=_session),
    Operation(method="DELETE", path=f"{_A}/session", name="sign_out", about="End the session", special="sign out",
              run=_nothing),
    Operation(method="GET", path=f"{_A}/offices", name="admin_offices", about="All offices with all settings",
              parameters=_PAGED, result=records.AdminOffices,
              run=lambda d, c: d.offices.list_offices(c.caller, c.page)),
    Operation(method="GET", path=f"{_A}/office-names", name="office_names", about="All offices by id and name alone",
              parameters=_PAGED, result=records.OfficeNames,
              run=lambda d, c: d.offices.list_names(c.caller, c.page)),
    Operation(method="POST", path=f"{_A}/offices", name="make_office", about="Make an office", role="admin",
              body=records.OfficeDocument, ignored=TOLD_ONLY, result=records.AdminOffice,
              run=lambda d, c: d.offices.create(c.caller, c.body)),
    Operation(method="GET", path=f"{_A}/offices/{{id}}", name="admin_office", about="One office with all settings",
              result=records.AdminOffice, run=lambda d, c: d.offices.get(c.caller, c.id)),
    Operation(method="PUT", path=f"{_A}/offices/{{id}}", name="change_office",
              about="Change an office; If-Match names the version that was seen", role="partner",
              body=records.OfficeDocument, ignored=TOLD_ONLY, result=records.AdminOffice, special="office",
              run=lambda d, c: d.offices.replace(c.caller, c.id, c.body)),
    Operation(method="DELETE", path=f"{_A}/offices/{{id}}", name="remove_office",
              about="Remove an office, or put it back to the region file's", role="admin", special="office",
              run=lambda d, c: d.offices.remove(c.caller, c.id)),
    Operation(method="POST", path=f"{_A}/preview", name="preview_office",
              about="What an office's screens would show if it were so; nothing is stored", role="partner",
              body=records.OfficeDocument, ignored=TOLD_ONLY, result=wire.OfficeView, special="preview", run=_preview),
    Operation(method="POST", path=f"{_A}/offices/{{id}}/undo", name="undo_office",
              about="Put an office back to what it was before its newest change", role="partner",
              result=records.OfficeChanges, run=lambda d, c: d.offices.undo(c.caller, c.id)),
    Operation(method="GET", path=f"{_A}/offices/{{id}}/versions", name="office_versions",
              about="Who changed an office, when and from what", result=records.OfficeChanges,
              run=lambda d, c: d.offices.versions(c.caller, c.id)),
    Operation(method="GET", path=f"{_A}/displays", name="admin_displays", about="All screens and how they fare",
              parameters=(*_PAGED, _OFFICE, _GROUP), result=records.AdminDisplays,
              run=lambda d, c: d.displays.list_displays(
                  c.caller, c.page, office=_OFFICE.find(c.query), group=_GROUP.find(c.query))),
    Operation(method="POST", path=f"{_A}/displays/claim", name="claim_display",
              about="Give the screen that shows this code to an office", role="partner", body=records.Claim,
              result=records.AdminDisplay, run=lambda d, c: d.displays.claim(c.caller, c.body)),
    Operation(method="PATCH", path=f"{_A}/displays/{{id}}", name="change_display",
              about="Change a screen, or ask it to show its name or to load anew", role="partner",
              body=records.DisplayPatch, result=records.AdminDisplay,
              run=lambda d, c: d.displays.change(c.caller, c.id, c.body)),
    Operation(method="DELETE", path=f"{_A}/displays/{{id}}", name="revoke_display",
              about="Send a screen back to pairing", role="partner",
              run=lambda d, c: d.displays.revoke(c.caller, c.id)),
    Operation(method="GET", path=f"{_A}/keys", name="keys", about="All API keys", role="admin",
              parameters=_PAGED, result=records.AdminKeys, run=lambda d, c: d.keys.list_keys(c.caller, c.page)),
    Operation(method="POST", path=f"{_A}/keys", name="make_key", about="Make an API key; its text is told once",
              role="admin", body=records.KeyOrder, result=records.AdminKey,
              run=lambda d, c: d.keys.make_key(c.caller, c.body)),
    Operation(method="DELETE", path=f"{_A}/keys/{{id}}", name="revoke_key", about="Revoke an API key", role="admin",
              run=lambda d, c: d.keys.revoke_key(c.caller, c.id)),
    Operation(method="GET", path=f"{_A}/tokens", name="tokens", about="All administrators' tokens", role="admin",
              parameters=_PAGED, result=records.AdminTokens, run=lambda d, c: d.keys.list_tokens(c.caller, c.page)),
    Operation(method="POST", path=f"{_A}/tokens", name="make_token", about="Make a token; its text is told once",
              role="admin", body=records.TokenOrder, result=records.AdminToken,
              run=lambda d, c: d.keys.make_token(c.caller, c.body)),
    Operation(method="DELETE", path=f"{_A}/tokens/{{id}}", name="revoke_token", about="Revoke a token", role="admin",
              run=lambda d, c: d.keys.revoke_token(c.caller, c.id)),
    Operation(method="GET", path=f"{_A}/alerts", name="admin_alerts", about="The offices' own messages",
              parameters=_PAGED, result=records.AdminNotices,
              run=lambda d, c: d.notices.list_notices(c.caller, c.page)),
    Operation(method="POST", path=f"{_A}/alerts", name="make_alert", about="Show a message on offices' screens",
              role="partner", body=records.NoticeOrder, result=records.AdminNotice,
              run=lambda d, c: d.notices.create(c.caller, c.body)),
    Operation(method="DELETE", path=f"{_A}/alerts/{{id}}", name="remove_alert", about="Take a message back",
              role="partner", run=lambda d, c: d.notices.remove(c.caller, c.id)),
    Operation(method="GET", path=f"{_A}/audit", name="audit", about="Who changed what, newest first", role="admin",
              parameters=(_AUDIT_LIMIT, _BEFORE), result=records.Audit, run=_audit),
    Operation(method="GET", path=f"{_A}/webhooks", name="webhooks", about="Who is told when a screen falls silent",
              role="admin", parameters=_PAGED, result=records.AdminWebhooks,
              run=lambda d, c: d.webhooks.list_webhooks(c.caller, c.page)),
    Operation(method="POST", path=f"{_A}/webhooks", name="make_webhook",
              about="Tell an address when a screen falls silent or is back; the secret that signs is told once",
              role="admin", body=records.WebhookOrder, result=records.AdminWebhook,
              run=lambda d, c: d.webhooks.make(c.caller, c.body)),
    Operation(method="DELETE", path=f"{_A}/webhooks/{{id}}", name="remove_webhook", about="Tell it no longer",
              role="admin", run=lambda d, c: d.webhooks.remove(c.caller, c.id)),
    Operation(method="GET", path=f"{_A}/export", name="export_offices", about="The offices as a file",
              parameters=(_FORMAT,), result=records.Exported,
              run=lambda d, c: d.offices.give_out(c.caller, _FORMAT.get(c.query))),
    Operation(method="POST", path=f"{_A}/import", name="import_offices",
              about="Make and change offices from a file: all of them, or none where one is wrong", role="admin",
              body=records.ImportOrder, result=records.ImportOutcome, special="import",
              run=lambda d, c: d.imports.take_in(c.caller, c.body)),
    Operation(method="POST", path=f"{_A}/import/{{id}}/undo", name="undo_import",
              about="Put all offices of an import back to what they were before it", role="admin",
              result=records.ImportOutcome, special="import", run=lambda d, c: d.imports.undo(c.caller, c.id)),
)  # fmt: skip

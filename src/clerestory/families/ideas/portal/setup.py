"""Campaigns set up by administrators: their rules, and what they consist of, through the rules of the workspace API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clerestory.families.ideas.calling import Asked
from clerestory.families.ideas.portal import setup_store as store
from clerestory.families.ideas.portal.call import ROOT, faults_of
from clerestory.families.ideas.portal.draw import campaign_path, draw
from clerestory.families.ideas.portal.setup_form import KINDS, Kind, Typed, body_of, cells, is_person, typed_of
from clerestory.kernel.errors import Conflict, Invalid, NotFound, Unauthenticated
from clerestory.platform import resources
from clerestory.platform.resources import Row
from clerestory.platform.tenancy import Right
from clerestory.platform.web import asked as address

SETUP = f"{ROOT}setup/"


@dataclass(frozen=True, slots=True)
class Desk:
    """What is on the page: a record of a kind (None: one that is being made), and what it belongs to."""

    kind: Kind
    row: Row | None
    parent: int | None

    @property
    def id(self) -> int:
        """The record's; 0 for one that is being made."""
        return 0 if self.row is None else cast(int, self.row["id"])

    @property
    def title(self) -> str:
        """What the page is called."""
        if self.row is None:
            return f"New {self.kind.one}"
        name = self.row.get("name") or self.row.get("description")
        return f"Set up: {name or self.kind.one}"

    @property
    def path(self) -> str:
        """Where its form stands and goes."""
        if self.row is not None:
            return f"{SETUP}{self.kind.name}/{self.id}/"
        return address.address(f"{SETUP}{self.kind.name}/new/", {"in": self.parent})

    @property
    def above(self) -> str:
        """Where one is led afterwards: to what it belongs to."""
        over = {"campaign": "campaigns", "question": "questions"}.get(self.kind.parent)
        return f"{SETUP}{over}/{self.parent}/" if over and self.parent else ROOT


async def get_new(asked: Asked, request: Request) -> Response:
    """The form of a new record."""
    return await _draw(asked, request, await _desk(asked, request, new=True))


async def post_new(asked: Asked, request: Request) -> Response:
    """A new record; or the form again with what is wrong."""
    desk = await _desk(asked, request, new=True)
    belongs = {desk.kind.parent: desk.parent} if desk.kind.parent else {}
    try:
        made = await resources.create(asked.scope, desk.kind.resource, {**await _body(asked, desk), **belongs})
    except (Invalid, Conflict) as problem:
        return await _again(asked, request, desk, problem)
    # What has parts of its own is gone on with; of the others the next one is likely made.
    has_parts = desk.kind.name in ("campaigns", "questions")
    return RedirectResponse(f"{SETUP}{desk.kind.name}/{made['id']}/" if has_parts else desk.above, 303)


async def get_record(asked: Asked, request: Request) -> Response:
    """The form of a record, and lists of what belongs to it."""
    return await _draw(asked, request, await _desk(asked, request, new=False))


async def post_record(asked: Asked, request: Request) -> Response:
    """The record as the form says; or the form again with what is wrong."""
    desk = await _desk(asked, request, new=False)
    try:
        await resources.update(asked.scope, desk.kind.resource, desk.id, await _body(asked, desk), whole=False)
    except (Invalid, Conflict) as problem:
        return await _again(asked, request, desk, problem)
    return RedirectResponse(f"{desk.path}?saved=1" if desk.kind.name == "campaigns" else desk.above, 303)


async def post_remove(asked: Asked, request: Request) -> Response:
    """The record taken away, where nothing needs it."""
    desk = await _desk(asked, request, new=False)
    if not desk.kind.resource.removable:
        raise NotFound
    await resources.remove(asked.scope, desk.kind.resource, desk.id)
    return RedirectResponse(desk.above, 303)


async def _desk(asked: Asked, request: Request, *, new: bool) -> Desk:
    """Raises Unauthenticated, Forbidden for all but administrators, NotFound."""
    if not asked.viewer.known:
        raise Unauthenticated
    asked.scope.require(Right.ADMINISTER)
    kind = KINDS.get(str(request.path_params["kind"]))
    if kind is None:
        raise NotFound
    if new:
        parent = address.whole(request.query_params.get("in", ""))
        if kind.parent and parent is None:
            raise NotFound
        return Desk(kind, None, parent if kind.parent else None)
    row = await resources.one(asked.scope.direct(), kind.resource, int(asked.id))
    return Desk(kind, row, cast(int | None, row[kind.parent]) if kind.parent else None)


async def _body(asked: Asked, desk: Desk) -> dict[str, object]:
    fields = desk.kind.asked(new=desk.row is None)
    texts = asked.parameters.texts
    named = [text for one in fields if is_person(one) for text in texts.get(one.name, ())]
    people = await store.people(asked.scope.direct(), named) if named else {}
    return body_of(fields, texts, people)


async def _again(asked: Asked, request: Request, desk: Desk, problem: Invalid | Conflict) -> Response:
    if isinstance(problem, Conflict):
        return await _draw(asked, request, desk, Typed(asked.parameters.texts, {"": problem.text}), status=409)
    people = {one.name for one in desk.kind.resource.writable if is_person(one)}
    faults = {
        name: "No member has this e-mail address." if name in people and "whole number" in text else text
        for name, text in faults_of(problem).items()
    }
    return await _draw(asked, request, desk, Typed(asked.parameters.texts, faults), status=400)


async def _draw(
    asked: Asked, request: Request, desk: Desk, typed: Typed | None = None, *, status: int = 200
) -> Response:
    runner, row = asked.scope.direct(), desk.row
    fields = desk.kind.asked(new=row is None)
    if typed is None and row is not None:
        people = [number for one in fields if is_person(one) and isinstance(number := row[one.name], int)]
        typed = typed_of(row, fields, await store.emails(runner, people) if people else {})
    groups = await store.groups(runner) if desk.kind.name == "campaigns" else []
    shown = typed or Typed({})
    drawn = cells(fields, shown, groups)
    campaign = desk.id if desk.kind.name == "campaigns" else desk.parent if desk.kind.parent == "campaign" else 0
    uuid = await store.campaign_uuid(runner, campaign) if campaign else None
    values: Mapping[str, object] = {
        "desk": desk,
        "cells": drawn,
        "elsewhere": [text for name, text in shown.faults.items() if name not in {cell.name for cell in drawn}],
        "faults": shown.faults,
        "saved": request.query_params.get("saved") == "1",
        "setup": SETUP,
        "portal_path": campaign_path(str(uuid)) if uuid else "",
        "lists": await _lists(asked, desk),
    }
    return await draw(asked, request, "setup.html", values, status=status)


async def _lists(asked: Asked, desk: Desk) -> list[tuple[Kind, list[store.Line]]]:
    """What belongs to the record."""
    if desk.row is None:
        return []
    runner = asked.scope.direct()
    if desk.kind.name == "campaigns":
        return [(KINDS[name], await read(runner, desk.id)) for name, read in store.LISTS.items()]
    if desk.kind.name == "questions" and desk.row["type"] in ("select", "radio", "checkbox"):
        return [(KINDS["options"], await store.options(runner, desk.id))]
    return []

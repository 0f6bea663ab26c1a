"""Open objects, whatever is in them: merging as the contract has it, and secrets that stand sealed and read as sent."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clerestory.families.bots.objects.model import MARK, checked, is_secret
from clerestory.families.bots.objects.seal import Seals
from clerestory.kernel.errors import Invalid
from clerestory.platform.tokens import Vault, VaultSettings
from tests.families.bots.tower import ANN, BOB, CID, Customer, Json, Tower
from tests.fixtures.application import SECRET

SEALS = Seals(Vault(VaultSettings(SECRET)))
ENCODER = msgspec.json.Encoder(decimal_format="number")

characters = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
pieces = st.sampled_from([MARK, "AAAA", '"', "\\", "\\u0001", "\u0001", "x", ",", "é"])
texts = st.text(characters, max_size=8) | st.lists(pieces, max_size=5).map("".join)
# Few names, so that changes meet, and none that the server keeps to itself.
names = st.sampled_from(["a", "b", "a.b", "token", "apiKey", f"{MARK}AAAA", ""]) | texts
numbers = st.integers(-(10**25), 10**25) | st.decimals("-1e20", "1e20", places=10, allow_nan=False)
scalars = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)
changes = st.dictionaries(names, values, min_size=1, max_size=4)


def merged(target: Json, change: Json) -> Json:
    """§7: what an object is after a change."""
    after = dict(target)
    for name, value in change.items():
        there = target.get(name)
        merges = isinstance(value, dict) and value and isinstance(there, dict)
        after[name] = merged(there, value) if merges else value  # type: ignore[arg-type]  # they are maps when it merges
    return after


def exact(text: str) -> Any:
    """JSON as values, every number by its digits."""
    return json.loads(text, parse_int=Decimal, parse_float=Decimal)


async def put(tower: Tower, customer: Customer, user: str, body: Json) -> Json:
    """The user after the change."""
    path = f"/v1/users/{user}?botId={customer.bot}"
    answer = await tower.call("PUT", path, customer, content=ENCODER.encode(body))
    assert answer.status_code == 200, answer.text
    read = await tower.call("GET", path, customer)
    assert read.text == answer.text
    found: Json = exact(read.text)
    return found


_users = iter(range(10**9))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=changes, second=changes)
@example(first={"a": {"b": {"c": 1}}}, second={"a": {"b": {"d": {}}, "e": []}})
@example(first={"token": {"a": "x"}, "b": MARK + "AAAA"}, second={"token": {f"{MARK}AAAA": MARK}})
async def test_two_changes_are_merged_as_the_model_merges_them(
    tower: Tower, ann: Customer, first: Json, second: Json
) -> None:
    user = f"u{next(_users)}"
    ours = {"id": user, "botId": ann.bot}
    for change in (first, second):
        for reserved in ("id", "botId", "botStatus"):
            change.pop(reserved, None)
        change["always"] = 1
    model = merged({}, first)
    assert await put(tower, ann, user, first) == {**model, **ours}
    assert await put(tower, ann, user, second) == {**merged(model, second), **ours}


@given(attributes=changes)
@example(attributes={"a": '\\"\u0001sealed:AAAA"', "token": f'"{MARK}AAAA"', f"{MARK}AAAA": MARK})
def test_what_is_sealed_is_shown_as_it_was_sent(attributes: Json) -> None:
    stored = SEALS.stored(attributes)
    assert exact(SEALS.shown(stored).decode()) == exact(ENCODER.encode(attributes).decode())


@given(attributes=changes)
def test_without_secrets_nothing_is_changed_on_the_way(attributes: Json) -> None:
    hidden: list[object] = []

    def hide(value: object) -> object:
        hidden.append(value)
        return value

    assert checked(attributes, hide) == attributes
    assert hidden == list(secrets_of(attributes))


def secrets_of(value: object, *, secret: bool = False) -> Iterator[object]:
    """What is to be sealed, in the order in which it is met."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from secrets_of(one, secret=is_secret(name))
    elif isinstance(value, list):
        # What is sealed as a whole has nothing sealed inside.
        for one in [] if secret else value:
            yield from secrets_of(one)
        if secret and value:
            yield value
    elif isinstance(value, str):
        if secret or value.startswith(MARK):
            yield value
    elif secret and isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield value


@pytest.mark.parametrize(
    "name",
    ["token", "pageAccessToken", "apiKey", "api_key", "APIKEY", "app_secret", "password", "inviteCode", "accessKeys"],
)
def test_secrets_are_known_by_their_names(name: str) -> None:
    assert is_secret(name)
    sealed = SEALS.stored({name: "hush", "a": [{name: ["hush"]}]})
    assert "hush" not in sealed
    assert exact(SEALS.shown(sealed).decode()) == {name: "hush", "a": [{name: ["hush"]}]}


@pytest.mark.parametrize("name", ["name", "tokenised", "keyboard", "monkey", "type", "", "spellId", "replies"])
def test_other_names_are_no_secrets(name: str) -> None:
    assert not is_secret(name)
    assert json.loads(SEALS.stored({name: "open"})) == {name: "open"}


def test_a_value_sealed_by_another_server_is_shown_sealed() -> None:
    stored = Seals(Vault(VaultSettings("another secret of another server, long enough"))).stored({"token": "hush"})
    assert json.loads(SEALS.shown(stored)) == json.loads(stored)


def nested(levels: int) -> Json:
    """A map of so many levels, itself counted."""
    return {"a": nested(levels - 1)} if levels > 1 else {}


def test_32_levels_are_taken_and_33_are_not() -> None:
    assert checked(nested(32), lambda value: value) == nested(32)
    with pytest.raises(Invalid):
        checked(nested(33), lambda value: value)


# §10: no clear text in any row, and the admins see what was sent.


async def test_secrets_stand_sealed_in_the_database(tower: Tower, ann: Customer) -> None:
    guest = await tower.invited(ann, BOB)
    body = {
        "facebook": {"pageId": "106", "pageName": "Page", "pageAccessToken": "EAAhush-page"},
        "vtex": {"apiToken": "hush-token", "apiKey": "hush-key", "apiAccountName": "shop", "apiEnvironment": "beta"},
        "app_secret": ["hush-one", {"x": "hush-two"}],
    }
    shown = await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json=body)
    assert {name: shown[name] for name in body} == body
    assert await tower.got("GET", f"/v1/bots/{ann.bot}", guest) == shown
    await tower.got("PUT", f"/v1/customers/{ann.id}", ann, json={"password": "hush-password"})
    await tower.got("PUT", f"/v1/users/u?botId={ann.bot}", ann, json={"token": 5_310_531})
    rows = await tower.stored()
    assert "EAA" not in rows
    assert [secret for secret in ("hush", shown["inviteCode"], "5310531") if secret in rows] == []
    # What is no secret stands there to be found.
    assert {"106", "Page", "shop", "beta"} - {word for word in ("106", "Page", "shop", "beta") if word in rows} == set()


FORGED = [MARK, f"{MARK}AAAA", f"{MARK}gAAAAABk", f'{MARK}x"', f"x{MARK}AAAA", f'"{MARK}A"']


@pytest.mark.parametrize("text", FORGED)
async def test_what_only_looks_sealed_comes_back_as_it_was_sent(tower: Tower, ann: Customer, text: str) -> None:
    body = {"note": text, text: {text: [text, {text: 1}]}, "token": text}
    shown = await tower.got("PUT", f"/v1/bots/{ann.bot}", ann, json=body)
    assert {name: shown[name] for name in body} == body
    assert await tower.got("GET", f"/v1/bots/{ann.bot}", ann) == shown


async def test_a_sealed_value_of_somebody_else_is_not_opened(tower: Tower, ann: Customer) -> None:
    """Whoever gets hold of a backup cannot have the server open what stands there."""
    cid = await tower.customer(CID)
    sealed = await tower.tenant.scope.direct().value(
        "SELECT attributes ->> 'inviteCode' FROM tenant.bots_bot ORDER BY id LIMIT 1"
    )
    assert sealed.startswith(MARK)
    body = {"note": sealed, "list": [sealed], "token": sealed}
    shown = await tower.got("PUT", f"/v1/bots/{cid.bot}", cid, json=body)
    assert {name: shown[name] for name in body} == body
    named = await tower.got("PUT", f"/v1/bots/{cid.bot}", cid, json={sealed: 1})
    assert named[sealed] == 1
    assert (await tower.customer(ANN)).id == ann.id

"""A bot that answers on Messenger: what is told to its webhook, who is known from then on, and what is said."""

import httpx
import pytest

from tests.families.bots.talk import EVA, GIL, REPLIES, Talk
from tests.standins import facebook as standin
from tests.standins.facebook import webhook

DEFAULT = "I did not understand that."
WELCOME = "Hello! Ask me about our opening hours."


async def test_a_person_who_writes_becomes_a_user_with_the_name_of_the_profile(talk: Talk) -> None:
    await talk.tell(talk.message(EVA, "When are your opening hours?"))
    user = await talk.user()
    assert user == {"id": user["id"], "botId": talk.owner.bot, "facebookId": EVA, "name": "Eva Estrada"}
    assert talk.said == [(EVA, "Nine to five.")]


async def test_who_cannot_be_named_is_a_user_all_the_same(talk: Talk) -> None:
    await talk.tell(talk.message("psid-unknown", "sizes"))
    assert (await talk.user("psid-unknown"))["name"] is None
    assert talk.said == [("psid-unknown", "S, M and L")]


async def test_a_user_that_a_client_made_before_is_the_same_person(talk: Talk) -> None:
    body = {"botId": talk.owner.bot, "facebookId": EVA, "name": "As the client says"}
    made = await talk.tower.got("POST", "/v1/users", talk.owner, json=body)
    await talk.tell(talk.message(EVA, "sizes"))
    assert (await talk.user())["id"] == made["id"]
    assert await talk.tower.count("bots_user") == 1


async def test_the_first_word_is_welcomed_and_later_ones_that_nothing_answers_get_the_default(talk: Talk) -> None:
    await talk.tell(talk.message(EVA, "hm"))
    await talk.tell(talk.message(EVA, "hm"))
    await talk.tell(talk.message(GIL, "Shirts?"))
    assert talk.said[:2] == [(EVA, WELCOME), (EVA, DEFAULT)]
    [element] = talk.said[2][1]["payload"]["elements"]
    assert element == {
        "title": "Shirts",
        "subtitle": "Of linen",
        "default_action": {"type": "web_url", "url": "https://shop.example.org/shirts"},
        "buttons": [{"type": "postback", "title": "Sizes", "payload": "sizes"}],
    }


async def test_buttons_quick_replies_and_arrivals_are_answered(talk: Talk) -> None:
    await talk.tell(standin.postback(EVA, "Get started", "GET_STARTED", talk.mid(), at=talk.at))
    await talk.tell(standin.postback(EVA, "Sizes", "sizes", talk.mid(), at=talk.at))
    await talk.tell(talk.message(EVA, "anything", payload="opening hours"))
    await talk.tell(standin.told(EVA, "referral", {"ref": "sizes"}, at=talk.at))
    await talk.tell(standin.told(EVA, "referral", {"source": "SHORTLINK"}, at=talk.at))
    assert talk.said == [(EVA, text) for text in (WELCOME, "S, M and L", "Nine to five.", "S, M and L", WELCOME)]


async def test_a_bot_without_replies_is_silent_and_keeps_what_was_said(talk: Talk) -> None:
    await talk.change(replies="{}")
    await talk.tell(talk.message(EVA, "sizes"))
    assert talk.said == []
    assert await talk.rows("SELECT text FROM tenant.bots_message WHERE author = 'person'") == ["sizes"]


async def test_what_is_no_speech_is_not_answered(talk: Talk) -> None:
    await talk.tell(standin.seen(EVA), standin.requested(EVA, "42"), {"nonsense": 1})
    roles = {"recipient": {"id": standin.PAGE}, "timestamp": talk.at, "app_roles": {"1": ["primary_receiver"]}}
    await talk.tell(roles)
    assert talk.said == []
    assert await talk.rows("SELECT kind FROM tenant.bots_message") == ["notice"]


async def test_one_address_tells_of_every_page_that_a_bot_of_the_tenant_has(talk: Talk) -> None:
    other = (await talk.tower.got("POST", "/v1/bots", talk.owner, json={}))["id"]
    facebook = {"pageId": "777", "pageAccessToken": standin.PAGE_TOKEN}
    await talk.tower.got("PUT", f"/v1/bots/{other}", talk.owner, json={"facebook": facebook, "replies": '{"a": "B"}'})
    await talk.tell({**talk.message(EVA, "a"), "recipient": {"id": "777"}}, page="777")
    await talk.tell({**talk.message(EVA, "a"), "recipient": {"id": "nobody's"}}, page="nobody's")
    assert talk.said == [(EVA, "B")]
    assert await talk.tower.count("bots_chat") == 1


async def test_meta_subscribes_with_the_word_of_the_bots_page(talk: Talk) -> None:
    from clerestory.families.bots.chats.links import BotLinks

    word = talk.scope.part(BotLinks).verify_token((await talk.rows("SELECT uuid FROM tenant.bots_bot"))[0])
    path = f"/messenger/{talk.owner.bot}"
    http = talk.tower.tenant.http
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": word}
    answer = await http.get(path, params=query)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    for wrong in ({**query, "hub.verify_token": word + "x"}, {**query, "hub.mode": "unsubscribe"}, {}):
        assert (await http.get(path, params=wrong)).status_code == 403


@pytest.mark.parametrize("signature", ["", "sha256=00", "sha1=00", "sha256=" + "0" * 64])
async def test_what_facebook_did_not_sign_is_refused(talk: Talk, signature: str) -> None:
    body = webhook(talk.message(EVA, "sizes"))
    answer = await talk.post(body, signature)
    assert (answer.status_code, answer.json()) == (403, {"status": "error", "detail": "The signature is not right."})
    assert await talk.tower.count("bots_message") == 0


async def test_a_bot_that_is_nobodys_has_no_webhook(talk: Talk) -> None:
    body = webhook(talk.message(EVA, "sizes"))
    for bot in ("0b0c8ad1-4b49-4a0c-9e0f-9c2f2f1f4f3e", "nothing", talk.owner.bot.upper()):
        answer: httpx.Response = await talk.post(body, bot=bot)
        assert answer.status_code == 404


async def test_a_signed_body_that_is_no_pages_is_refused(talk: Talk) -> None:
    for body in (b"{", b"[]", b'{"object": "user"}', b"\xff"):
        assert (await talk.post(body)).status_code == 400
    assert len(REPLIES) == 5

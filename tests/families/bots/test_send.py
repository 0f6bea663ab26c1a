"""The Send API, against a stand-in that speaks as Facebook does."""

from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from clerestory.families.bots.facebook import FacebookApp
from clerestory.families.bots.messenger import send as transport
from clerestory.families.bots.messenger.model import Fate, Sent
from clerestory.families.bots.messenger.send import Outgoing, send
from clerestory.platform.delivery.exchange import Reply
from clerestory.platform.delivery.outbound import guarded_client
from tests.standins import facebook as fb
from tests.standins.facebook import Facebook
from tests.standins.server import Answer

PERSON = "2093479187345"
HELLO = {"text": "hello"}


def app(facebook: Facebook, secret: str = fb.APP_SECRET) -> FacebookApp:
    return FacebookApp(facebook.url, fb.APP_ID, secret, trusted=True)


def outgoing(*, human: bool = False, late: bool = False, token: str = fb.PAGE_TOKEN) -> Outgoing:
    return Outgoing(token, PERSON, HELLO, human=human, late=late)


async def test_a_message_goes_out_with_its_proof_and_is_known_by_its_echo(
    trusted: httpx.AsyncClient, facebook: Facebook
) -> None:
    assert await send(trusted, app(facebook), outgoing()) == Sent(Fate.SENT, "m_sent-00000001")
    (heard,) = facebook.heard
    assert (heard.method, heard.path, heard.query) == ("POST", "/v21.0/me/messages", {})
    assert fb.asked(heard) == snapshot(
        {
            "recipient": {"id": "2093479187345"},
            "messaging_type": "RESPONSE",
            "message": {"text": "hello", "metadata": "clerestory"},
            "access_token": "EAApage-token-31",
            "appsecret_proof": app(facebook).proof(fb.PAGE_TOKEN),
        }
    )


async def test_an_app_without_a_secret_sends_no_proof(trusted: httpx.AsyncClient, facebook: Facebook) -> None:
    assert (await send(trusted, app(facebook, ""), outgoing())).fate is Fate.SENT
    assert "appsecret_proof" not in fb.asked(facebook.heard[0])


@pytest.mark.parametrize(
    ("human", "late", "marks"),
    [
        (False, False, ("RESPONSE", None)),
        (True, False, ("RESPONSE", None)),
        (False, True, ("RESPONSE", None)),
        (True, True, ("MESSAGE_TAG", "HUMAN_AGENT")),
    ],
)
async def test_the_tag_of_people_is_for_people_who_answer_late(
    trusted: httpx.AsyncClient, facebook: Facebook, human: bool, late: bool, marks: tuple[str, str | None]
) -> None:
    await send(trusted, app(facebook), outgoing(human=human, late=late))
    assert [(sent.type, sent.tag) for sent in facebook.sent] == [marks]


@pytest.mark.parametrize(
    ("error", "status", "fate"),
    [
        *(((190, subcode), 400, Fate.TOKEN) for subcode in (None, 458, 459, 460, 463, 464, 467)),
        ((102, None), 400, Fate.TOKEN),
        ((190, None), 500, Fate.TOKEN),
        ((10, 2018300), 400, Fate.THREAD),
        *(((code, None), 400, Fate.AGAIN) for code in (1, 2, 4, 17, 32, 613)),
        ((1200, None), 503, Fate.AGAIN),
        ((1200, None), 429, Fate.AGAIN),
        *(
            ((code, None), 400, Fate.FAILED)
            for code in (0, 10, 100, 200, 230, 299, 368, 551, 2022, 10900, 10903, 2**40)
        ),
        ((10, 2018278), 400, Fate.FAILED),
        ((551, 1545041), 400, Fate.FAILED),
        ((100, None), 200, Fate.FAILED),
    ],
)
async def test_each_code_has_its_fate(
    trusted: httpx.AsyncClient, facebook: Facebook, error: tuple[int, int | None], status: int, fate: Fate
) -> None:
    code, subcode = error
    facebook.fail(PERSON, code, subcode, status)
    sent = await send(trusted, app(facebook), outgoing())
    assert (sent.fate, sent.message_id, sent.pause) == (fate, "", None)
    assert sent.words.endswith(f"({code}/{subcode})" if subcode else f"({code})")


async def test_another_apps_control_is_known_by_its_words(trusted: httpx.AsyncClient, facebook: Facebook) -> None:
    words = "Message failed to send because another app is controlling this thread now."
    facebook.fail(PERSON, 10, None, words=words)
    assert await send(trusted, app(facebook), outgoing()) == snapshot(
        Sent(fate=Fate.THREAD, words="Facebook: another app controls this chat (10)")
    )


async def test_an_expired_token_is_told(trusted: httpx.AsyncClient, facebook: Facebook) -> None:
    facebook.expire()
    assert await send(trusted, app(facebook), outgoing()) == snapshot(
        Sent(fate=Fate.TOKEN, words="Facebook: the page's token is refused (190/463)")
    )


@pytest.mark.parametrize("status", [200, 301, 400, 403, 404, 429, 500, 502, 504])
@pytest.mark.parametrize("body", ["<html>", "", b"\xff", [], {"error": "text"}, {"message_id": ""}])
async def test_an_answer_without_sense_is_never_repeated_when_it_may_have_been_sent(
    trusted: httpx.AsyncClient, facebook: Facebook, status: int, body: object
) -> None:
    facebook.script(Answer(status, body))
    expected = {301: Fate.FAILED, 400: Fate.FAILED, 403: Fate.FAILED, 404: Fate.FAILED, 429: Fate.AGAIN}
    assert (await send(trusted, app(facebook), outgoing())).fate is expected.get(status, Fate.UNKNOWN)


@pytest.mark.parametrize("status", [429, 400])
async def test_the_pause_that_was_asked_for_is_kept(
    trusted: httpx.AsyncClient, facebook: Facebook, status: int
) -> None:
    facebook.script(Answer(status, fb.refusal(613, "(#613) Too fast"), {"Retry-After": "90"}))
    sent = await send(trusted, app(facebook), outgoing())
    assert (sent.fate, sent.pause) == (Fate.AGAIN, timedelta(seconds=90))


async def test_a_connection_that_breaks_after_the_request_leaves_it_unknown(
    trusted: httpx.AsyncClient, facebook: Facebook
) -> None:
    facebook.script(Answer(drop=True))
    assert (await send(trusted, app(facebook), outgoing())).fate is Fate.UNKNOWN


async def test_silence_after_the_request_leaves_it_unknown(
    trusted: httpx.AsyncClient, facebook: Facebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "DEADLINE", timedelta(seconds=0.2))
    facebook.script(Answer(hold=True))
    assert await send(trusted, app(facebook), outgoing()) == snapshot(
        Sent(fate=Fate.UNKNOWN, words="Facebook: no answer in time")
    )


async def test_what_cannot_be_reached_is_tried_again(trusted: httpx.AsyncClient) -> None:
    with Facebook() as gone:
        closed = app(gone)
    assert await send(trusted, closed, outgoing()) == snapshot(
        Sent(fate=Fate.AGAIN, words="Facebook: it cannot be reached")
    )


@pytest.mark.parametrize("url", ["not a url", "ftp://127.0.0.1/v1", "http://127.0.0.1:99999", ""])
async def test_an_address_that_is_none_fails_for_good(trusted: httpx.AsyncClient, url: str) -> None:
    assert (await send(trusted, FacebookApp(url, "1", "s"), outgoing())).fate is Fate.FAILED


async def test_an_address_inside_fails_for_good(facebook: Facebook) -> None:
    async with guarded_client() as guarded:
        assert (await send(guarded, app(facebook), outgoing())).fate is Fate.FAILED
    assert facebook.heard == []


_numbers = st.integers(-(10**12), 10**12)
_TOKEN_LIKE = ["EAApage-token-31", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"]


@given(st.sampled_from([200, 400, 500]), _numbers, st.none() | _numbers, st.sampled_from(_TOKEN_LIKE))
def test_no_word_of_facebooks_reaches_people(status: int, code: int, subcode: int | None, secret: str) -> None:
    words = f"Error validating {secret} another token"
    answer = fb.refusal(code, words, subcode, kind=secret)
    sent = transport._of_reply(Reply(status, {}, str(answer).replace("'", '"').replace("None", "null").encode()))
    assert secret not in repr(sent)
    assert len(sent.words) < 200


async def test_the_token_stands_in_no_word_even_when_facebook_repeats_it(
    trusted: httpx.AsyncClient, facebook: Facebook
) -> None:
    proof = app(facebook).proof(fb.PAGE_TOKEN)
    for body in (fb.refusal(100, f"{fb.PAGE_TOKEN} {proof}"), f"<p>{fb.PAGE_TOKEN} {proof}"):
        facebook.script(Answer(400, body))
        sent = await send(trusted, app(facebook), outgoing())
        assert fb.PAGE_TOKEN not in repr(sent)
        assert proof not in repr(sent)


def test_no_secret_is_shown() -> None:
    call = outgoing()
    shown = FacebookApp("http://127.0.0.1", fb.APP_ID, fb.APP_SECRET)
    assert fb.PAGE_TOKEN not in repr(call)
    assert fb.PAGE_TOKEN not in repr(transport._request(shown, call))
    assert fb.APP_SECRET not in repr(shown)


async def test_any_text_and_any_token_can_be_sent(trusted: httpx.AsyncClient, facebook: Facebook) -> None:
    call = Outgoing("tok\ud800en&=", "a\ud800", {"text": "\0\ud800 ünï&="})
    assert (await send(trusted, app(facebook), call)).fate is Fate.TOKEN
    assert fb.asked(facebook.heard[0])["message"]["text"] == "\0\ud800 ünï&="

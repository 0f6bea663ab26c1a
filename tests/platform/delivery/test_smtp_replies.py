"""What a mail server's words mean."""

import pytest

from clerestory.platform.delivery.outcome import Code
from clerestory.platform.delivery.smtp_replies import RETRIES, Stage, judge

RECIPIENT, CONTENT, SENDER, LOG_IN, CONNECT = (
    Stage.RECIPIENT,
    Stage.CONTENT,
    Stage.SENDER,
    Stage.LOG_IN,
    Stage.CONNECT,
)


@pytest.mark.parametrize(
    ("stage", "code", "text", "meaning"),
    [
        (RECIPIENT, 250, "2.1.5 OK", Code.SENT),
        (RECIPIENT, 251, "will forward", Code.SENT),
        (LOG_IN, 535, "5.7.8 Bad credentials", Code.PROVIDER_AUTH),
        (LOG_IN, 504, "5.5.4 Unknown mechanism", Code.PROVIDER_AUTH),
        (LOG_IN, 534, "5.7.9 Mechanism too weak", Code.PROVIDER_AUTH),
        (SENDER, 530, "Authentication required", Code.PROVIDER_AUTH),
        (RECIPIENT, 550, "5.7.0 Mail relay denied", Code.PROVIDER_AUTH),
        (RECIPIENT, 554, "5.7.8 Authenticate first", Code.PROVIDER_AUTH),
        (CONTENT, 552, "5.7.0 This message was blocked because of its content", Code.PROVIDER_ERROR),
        (RECIPIENT, 550, "5.1.1 User unknown", Code.RECIPIENT_INVALID),
        (RECIPIENT, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound", Code.RECIPIENT_INVALID),
        (RECIPIENT, 550, "5.5.0 Requested action not taken: mailbox unavailable", Code.RECIPIENT_INVALID),
        (RECIPIENT, 550, "No such user here", Code.RECIPIENT_INVALID),
        (RECIPIENT, 551, "User not local", Code.RECIPIENT_INVALID),
        (RECIPIENT, 553, "Mailbox name not allowed", Code.RECIPIENT_INVALID),
        (RECIPIENT, 550, "5.1.8 Sender's domain not found", Code.PROVIDER_ERROR),
        (RECIPIENT, 552, "Over quota", Code.RECIPIENT_UNREACHABLE),
        (RECIPIENT, 552, "5.2.2 Mailbox full", Code.RECIPIENT_UNREACHABLE),
        (RECIPIENT, 550, "5.2.1 Mailbox disabled", Code.RECIPIENT_UNREACHABLE),
        (RECIPIENT, 552, "5.3.4 Message too big", Code.PROVIDER_ERROR),
        (RECIPIENT, 550, "5.7.1 Relaying denied", Code.PROVIDER_ERROR),
        (RECIPIENT, 554, "5.7.1 Recipient address rejected: Access denied", Code.PROVIDER_ERROR),
        (CONTENT, 550, "5.7.1 Our system has detected that this message is likely spam", Code.PROVIDER_ERROR),
        (CONTENT, 550, "Rejected", Code.PROVIDER_ERROR),
        (CONTENT, 554, "5.7.26 DMARC", Code.PROVIDER_ERROR),
        (SENDER, 550, "5.1.1 Who are you", Code.PROVIDER_ERROR),
        (SENDER, 553, "5.7.1 Sender address rejected: not owned by user", Code.PROVIDER_ERROR),
        (CONNECT, 554, "5.7.1 Your address is on a block list", Code.PROVIDER_ERROR),
        (CONNECT, -1, "Malformed SMTP response line: HTTP/1.1 400", Code.PROVIDER_ERROR),
    ],
)
def test_each_reply_has_its_meaning(stage: Stage, code: int, text: str, meaning: Code) -> None:
    assert judge(stage, code, text) == (meaning, None)


@pytest.mark.parametrize("code", [421, 450, 451, 452, 454])
@pytest.mark.parametrize("stage", list(Stage))
def test_a_4xx_reply_is_to_be_tried_again(stage: Stage, code: int) -> None:
    assert judge(stage, code, "4.3.0 Later") == (Code.PROVIDER_ERROR, RETRIES[0])


@pytest.mark.parametrize(
    "text",
    [
        "5.7.1 The recipient has blocked this sender",
        "5.7.1 Recipient rejects messages from you",
        "5.7.1 You have been blocked by the recipient.",
        "5.7.1 Sender is blocked by recipient",
        "5.7.106 Your email address was rejected by\n5.7.106 the mailbox owner",
        "5.7.1 The recipient does not accept mail from you",
    ],
)
def test_a_person_who_blocks_is_recognised(text: str) -> None:
    assert judge(RECIPIENT, 550, text)[0] is Code.SENDER_BLOCKED
    assert judge(CONTENT, 554, text)[0] is Code.SENDER_BLOCKED


@pytest.mark.parametrize(
    "text",
    [
        "5.7.1 Your address was blocked by the recipient's spam filter",
        "5.7.1 The recipient has blocked your IP address",
        "5.7.1 Sender was rejected by recipient domain policy",
        "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a block list",
        "5.7.606 Access denied, banned sending IP",
        "5.7.1 Message rejected due to the recipient server's policy",
        "5.7.1 The recipient has blocked this sender server",
        "5.4.1 The recipient has blocked this sender",
        "The recipient has blocked this sender",
    ],
)
def test_a_filter_is_not_taken_for_a_person(text: str) -> None:
    assert judge(CONTENT, 550, text)[0] is not Code.SENDER_BLOCKED

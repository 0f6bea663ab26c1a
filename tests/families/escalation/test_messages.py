"""The words of messages: ours, made to fit, and an organisation's own."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clerestory.families.escalation.wording.compose import Facts, compose
from clerestory.families.escalation.wording.template import VARIABLES, check
from clerestory.kernel.channels import Channel
from clerestory.kernel.errors import Invalid
from clerestory.platform.delivery.segments import segments
from tests.families.escalation.people import put_settings
from tests.fixtures.tenants import TestTenant

LINK = "https://clerestory.test/log/AAAAAAAAAAAAAAAAAAAAAA"
FACTS = Facts(
    organisation="Acme Inc.",
    environment="PROD",
    application="ExampleApp",
    code="500",
    severity="MAJOR",
    message="Critical <b>bug</b> & more",
    user_ref="u-17",
    time=datetime(2026, 3, 2, 9, 5, tzinfo=UTC),
    count=3,
    first_seen=datetime(2026, 3, 1, 8, tzinfo=UTC),
    link=LINK,
)


def test_a_mail_has_a_subject_a_text_and_escaped_html() -> None:
    mail = compose(Channel.EMAIL, FACTS, {})
    assert mail.subject == "[MAJOR] ExampleApp: Critical <b>bug</b> & more"
    assert mail.text == (
        "MAJOR in ExampleApp\n\nCritical <b>bug</b> & more\n\nCode: 500\nTime: 2026-03-02 09:05 UTC\nUser: u-17\n"
        f"Seen: 3 times since 2026-03-01 08:00 UTC\n\n{LINK}"
    )
    assert mail.html is not None
    assert "Critical &lt;b&gt;bug&lt;/b&gt; &amp; more</h1>" in mail.html
    assert f'<a href="{LINK}"' in mail.html


def test_a_subject_is_one_line() -> None:
    subject = compose(Channel.EMAIL, replace(FACTS, message="a\r\nBcc: x@y.org\r\n" + "b" * 300), {}).subject
    assert subject == "[MAJOR] ExampleApp: a Bcc: x@y.org " + "b" * 100 + "..."


def test_a_whatsapp_message_has_the_link_last() -> None:
    assert compose(Channel.WHATSAPP, FACTS, {}).text == (f"*MAJOR* in ExampleApp\nCritical <b>bug</b> & more\n{LINK}")


@given(st.text(min_size=1, max_size=400), st.text(min_size=1, max_size=256), st.sampled_from([0, 4711]))
def test_an_sms_fits_two_segments_and_keeps_its_link(message: str, name: str, digest: int) -> None:
    text = compose(Channel.SMS, replace(FACTS, message=message, application=name, digest=digest), {}).text
    assert segments(text) <= 2
    assert text.endswith(LINK)


def test_an_own_template_takes_the_place_of_ours() -> None:
    own = {"sms": "{{ organisation }}: {{ code|upper }} {{ link }}", "html": "<p>{{ message }}</p>"}
    assert compose(Channel.SMS, FACTS, own).text == f"Acme Inc.: 500 {LINK}"
    mail = compose(Channel.EMAIL, FACTS, own)
    assert mail.html == "<p>Critical &lt;b&gt;bug&lt;/b&gt; &amp; more</p>"
    assert mail.subject == "[MAJOR] ExampleApp: Critical <b>bug</b> & more"


def test_an_own_sms_that_is_too_long_is_cut() -> None:
    assert segments(compose(Channel.SMS, FACTS, {"sms": "x" * 1000}).text) == 2


def test_an_own_sms_that_nothing_can_shorten_is_cut_at_once() -> None:
    # Shortened bit by bit this took most of a minute, in which the process did nothing else.
    own = {"sms": "{{ organisation }}" * 400}
    assert segments(compose(Channel.SMS, replace(FACTS, organisation="o" * 255), own).text) == 2


def test_a_template_may_use_every_value_and_conditions() -> None:
    shown = " ".join(f"{{{{ {name}|default('-')|truncate(20) }}}}" for name in VARIABLES)
    once = "{{ 'one' if count == 1 }}"
    check({"text": f"{{% if digest > 1 and not user_ref %}}{shown}{{% else %}}{once}{{% endif %}}"})


@pytest.mark.parametrize(
    "source",
    [
        "{% for x in message %}{{ x }}{% endfor %}",
        "{{ message * 1000000 }}",
        "{{ message ** 9 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ message.__class__ }}",
        "{{ message['upper'] }}",
        "{{ message.upper() }}",
        "{{ range(10) }}",
        "{{ secret }}",
        "{{ message|center(1000000) }}",
        "{{ message|attr('upper') }}",
        "{{ message|safe }}",
        "{% set x = message %}",
        "{% macro m() %}{% endmacro %}",
        "{% include 'text' %}",
        "{% extends 'text' %}",
        "{% import 'text' as t %}",
        "{{ message",
        "{% if %}",
        "{{ " + "9" * 5000 + " }}",
        "{% if code %}" * 120 + "{% endif %}" * 120,
        "{{ " + "(" * 300 + "code" + ")" * 300 + " }}",
        "{{ message < count }}",
        "{{ count|truncate }}",
        "{{ code|truncate('x') }}",
        "{{ code|default(1e999) }}",
        "{{ message }}" * 600,
        "{{ code" + "|title" * 40 + " }}",
        "",
        "x" * 8193,
    ],
)
def test_what_could_hurt_or_cannot_be_read_is_no_template(source: str) -> None:
    with pytest.raises(Invalid) as refused:
        check({"text": source})
    assert [fault.field for fault in refused.value.faults] == ["escalation_templates.text"]


@pytest.mark.parametrize("source", ["{% if digest > 2 %}{{ count|truncate }}{% endif %}", "{{ user_ref > code }}"])
def test_a_template_that_cannot_say_this_log_leaves_the_word_to_ours(source: str) -> None:
    facts = replace(FACTS, digest=3, user_ref=None)
    assert compose(Channel.WHATSAPP, facts, {"whatsapp": source}) == compose(Channel.WHATSAPP, facts, {})


def test_what_a_template_says_can_be_stored() -> None:
    assert compose(Channel.WHATSAPP, FACTS, {"whatsapp": "{{ 'a\\x00b' }}\ud800"}).text == "ab\N{REPLACEMENT CHARACTER}"


async def test_a_bad_template_is_refused_where_it_is_set(tenant: TestTenant) -> None:
    answer = await tenant.http.patch(
        "/api/v1/settings/", json={"escalation_templates": {"fax": "x", "sms": "{{ secret }}"}}
    )
    assert answer.status_code == 400
    assert {error["attr"] for error in answer.json()["errors"]} == {
        "escalation_templates.fax",
        "escalation_templates.sms",
    }
    await put_settings(tenant, escalation_templates={"sms": "{{ link }}"})

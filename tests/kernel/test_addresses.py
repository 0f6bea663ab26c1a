"""One spelling for each address."""

import pytest

from clerestory.kernel.addresses import envelope_address, network, normalise_email, normalise_phone


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+447772572105", "+447772572105"),
        (" +44 (0) 7772 572-105 ", "+447772572105"),
        ("+1 500-555-0006", "+15005550006"),
        ("07772572105", None),
        ("447772572105", None),
        ("+44", None),
        ("+1 800 FLOWERS", None),
        ("+447772572105 ext. 5", None),
        ("+447772572105;ext=5", None),
        ("+99912345678", None),
        ("", None),
        ("+" + "4" * 300, None),
    ],
)
def test_a_phone_number_is_e164_or_nothing(text: str, number: str | None) -> None:
    assert normalise_phone(text) == number


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Andy.Zane@Example.ORG ", "Andy.Zane@example.org"),
        ("ops@mail.corp.local", "ops@mail.corp.local"),
        ("root@localhost", "root@localhost"),
        ("jürgen@münchen.example", "jürgen@münchen.example"),
        ("jane@gmail", None),
        ("[email protected]", None),
        ("a@b.example>\r\nRCPT TO:<eve@example.org", None),
        ("Andy <andy@example.org>", None),
        ("", None),
    ],
)
def test_an_email_address_is_well_formed_or_nothing(text: str, address: str | None) -> None:
    assert normalise_email(text) == address


def test_an_envelope_holds_the_domain_in_ascii() -> None:
    assert envelope_address("jürgen@münchen.example") == "jürgen@xn--mnchen-3ya.example"
    assert envelope_address("nobody") is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_a_network_is_what_one_customer_has(address: str, expected: str) -> None:
    assert network(address) == expected

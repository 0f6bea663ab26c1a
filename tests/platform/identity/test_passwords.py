"""Passwords: the policy by example, and hashes that are made, verified and outgrown."""

import asyncio

import pytest

from clerestory.kernel.errors import Fault, Kind
from clerestory.platform.identity.passwords import PasswordCost, Passwords, password_faults

CHEAP = PasswordCost(passes=1, memory_kib=64)

TOO_SHORT = Fault("password", Kind.TOO_SHORT, "This password has less than 8 characters.")
TOO_COMMON = Fault("password", Kind.TOO_COMMON, "This password is too common.")
ALL_DIGITS = Fault("password", Kind.ALL_DIGITS, "This password is entirely numeric.")
INVALID = Fault("password", Kind.INVALID, "A password has at most 1024 bytes, and none of them is zero.")


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("seven blue lanterns", []),
        ("x7!kQz_p", []),
        ("пароль из слов", []),
        ("sevenbl", [TOO_SHORT]),
        ("", [TOO_SHORT]),
        ("password", [TOO_COMMON]),
        ("PassWord", [TOO_COMMON]),
        ("Password2026!", [TOO_COMMON]),
        ("qwertyuiop", [TOO_COMMON]),
        ("clerestory1", [TOO_COMMON]),
        ("aaaaaaaaaa", [TOO_COMMON]),
        ("abcabcabcabc", [TOO_COMMON]),
        ("83920174655", [ALL_DIGITS]),
        ("12345678", [TOO_COMMON, ALL_DIGITS]),
        ("1234", [TOO_SHORT, ALL_DIGITS]),
        ("abcd", [TOO_SHORT]),
        ("hunter", [TOO_SHORT, TOO_COMMON]),
        ("nul\0 in the midst", [INVALID]),
        ("x7!kQz_p" * 128, []),
        ("x7!kQz_p" * 128 + "a", [INVALID]),
        ("ä" * 600, [INVALID]),
    ],
)
def test_the_policy_names_every_fault(password: str, faults: list[Fault]) -> None:
    assert password_faults(password) == faults


def test_a_fault_names_the_field_that_it_was_asked_for() -> None:
    assert password_faults("abcd", "new_password")[0].field == "new_password"


async def test_a_password_is_right_and_another_is_not() -> None:
    passwords = Passwords(CHEAP)
    kept = await passwords.hash("seven blue lanterns")
    assert kept.startswith("$argon2id$")
    assert "seven" not in kept
    assert await passwords.verify(kept, "seven blue lanterns")
    assert not await passwords.verify(kept, "seven red lanterns")


async def test_the_same_password_is_kept_differently_each_time() -> None:
    passwords = Passwords(CHEAP)
    assert await passwords.hash("seven blue lanterns") != await passwords.hash("seven blue lanterns")


async def test_nobody_and_a_broken_hash_have_no_right_password() -> None:
    passwords = Passwords(CHEAP)
    assert not await passwords.verify(None, "nobody's password")
    assert not await passwords.verify("", "")
    assert not await passwords.verify("$argon2id$broken", "seven blue lanterns")


async def test_an_endless_password_is_not_even_tried() -> None:
    passwords = Passwords(CHEAP)
    kept = await passwords.hash("a" * 2000)
    assert not await passwords.verify(kept, "a" * 2000)


async def test_two_ways_to_type_an_accent_are_one_password() -> None:
    passwords = Passwords(CHEAP)
    assert await passwords.verify(await passwords.hash("blå lanterner"), "bla\N{COMBINING RING ABOVE} lanterner")


async def test_a_hash_of_another_cost_is_good_and_outdated() -> None:
    before, now = Passwords(CHEAP), Passwords(PasswordCost(passes=2, memory_kib=128))
    kept = await before.hash("seven blue lanterns")
    assert await now.verify(kept, "seven blue lanterns")
    assert now.outdated(kept)
    assert not before.outdated(kept)


async def test_many_at_once_take_turns() -> None:
    passwords = Passwords(CHEAP)
    kept = await asyncio.gather(*(passwords.hash(f"lantern {number}") for number in range(20)))
    verified = await asyncio.gather(*(passwords.verify(one, f"lantern {number}") for number, one in enumerate(kept)))
    assert all(verified)

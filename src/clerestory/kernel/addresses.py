"""E-mail addresses and phone numbers in one spelling each, or None for what is neither; the network of an IP address.

Nothing is looked up: an address that is well formed may still belong to nobody.
"""

import ipaddress
import re

import email_validator
import phonenumbers
from email_validator import EmailNotValidError, validate_email

# A self-hosted mail server does deliver to `ops@corp.local`; the library's documents name this list as the switch.
_OURS = {"local", "localhost", "test"}
email_validator.SPECIAL_USE_DOMAIN_NAMES[:] = [
    name for name in email_validator.SPECIAL_USE_DOMAIN_NAMES if name not in _OURS
]


def normalise_phone(text: str) -> str | None:
    """`text` as E.164 (`+447772572105`), or None; a country code is required, letters and extensions are refused."""
    # The library reads `+1 800 FLOWERS` as keypad letters; in a contact list a letter is a typing error.
    if re.search(r"[^\W\d_]", text):
        return None
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalise_email(text: str) -> str | None:
    """`text` with its domain in lower case and Unicode form NFC, or None; names of private networks are allowed."""
    try:
        parsed = validate_email(text.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    if "." not in parsed.domain and parsed.domain != "localhost":
        return None
    return parsed.normalized


def envelope_address(text: str) -> str | None:
    """`text` as an SMTP envelope holds it: domain in ASCII, local part as it is; None when malformed."""
    address = normalise_email(text)
    if address is None:
        return None
    parsed = validate_email(address, check_deliverability=False, globally_deliverable=False)
    return f"{parsed.local_part}@{parsed.ascii_domain}"


def network(address: str) -> str:
    """What one customer of a provider has: an IPv4 address whole, of an IPv6 one the first 64 bits; else the text."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))

"""How many SMS a text takes. Pure arithmetic; cutting the text is the caller's work."""

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_EXTENDED = frozenset("\f^{}\\[~]|€")


def segments(text: str) -> int:
    """The number of SMS that carry `text`; 0 for none.

    Alone 160 septets of GSM 03.38 or 70 units of UCS-2, joined 153 or 67. A character of two units (an extension
    character, a surrogate pair) is never split between two SMS. Source: 3GPP TS 23.038 and 23.040.
    """
    if not text:
        return 0
    if all(character in _GSM7 or character in _GSM7_EXTENDED for character in text):
        return _count([2 if character in _GSM7_EXTENDED else 1 for character in text], alone=160, joined=153)
    return _count([2 if ord(character) > 0xFFFF else 1 for character in text], alone=70, joined=67)


def _count(widths: list[int], *, alone: int, joined: int) -> int:
    if sum(widths) <= alone:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > joined:
            count, used = count + 1, 0
        used += width
    return count

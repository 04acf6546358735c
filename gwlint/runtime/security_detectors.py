"""What looks like personal or secret data in a text: by form, and by checksum where there is one.

Each pattern is gone through in a time that grows with the text and no faster, whatever somebody writes into it.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from re import Match

    Hide = Callable[[str, str], str]

_IBAN_LENGTHS = (
    "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27GB22GE22GI23GL18"
    "GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MR27MT31MU30NL18NO15"
    "PK24PL28PS29PT25QA29RO24RS22SA24SC31SE24SI19SK24SM27ST25SV28TL23TN24TR26UA29VA22VG24XK20"
)
_LENGTH_OF = {_IBAN_LENGTHS[at : at + 2]: int(_IBAN_LENGTHS[at + 2 : at + 4]) for at in range(0, len(_IBAN_LENGTHS), 4)}

_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:(?!-----END)[\s\S])*(?:-----END[A-Z ]{0,40}-----)?"
)
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,4}")
_SCHEME = re.compile(r"\b([Bb]earer|BEARER|(?:[Bb]asic|BASIC)(?=\s+[a-z]*[A-Z0-9+/=]))(\s{1,4})[A-Za-z0-9._~+/=-]{8,}")
_USERINFO = re.compile(r"(?<=://)[^\s/]{1,512}(?=@)")
# Backslashes are those of JSON within text within JSON.
_ASSIGNED = re.compile(
    r"(?P<name>(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization"
    r"|cookie|credentials?|(?<![a-z])(?:cvc|cvv|otp|pin|ssn))[\\\"']{0,8}\s{0,4}[=:]\s{0,4})"
    # Quoted, up to the same quote after as many backslashes; else up to where a word ends.
    r"(?P<value>(?P<quote>\\{0,8}[\"'])(?:(?!(?<!\\)(?P=quote))[\s\S])*|[^\s,;&\"'\\}\])]+)",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![^\s@<>\"',;:()\[\]{}=|\\/])[^\s@<>\"',;:()\[\]{}=|\\/]+@[^\W_](?:[\w-]*[^\W_])?(?:\.[\w-]+)+"
)
_AWS_ID = re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])")
_AWS_SECRET = re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}")
_DIGITS = re.compile(r"(?<![\d])\d(?:[ -]?\d){12,}")
_PHONE = re.compile(r"(?<![\w+])\+\d(?:[ .()/-]{0,2}\d){6,14}(?!\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*:)[0-9A-Fa-f:.]{2,45}(?![\w:])")
_IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d]|\.\d)")
_DIGIT = re.compile(r"\d")
_FEW_DIGITS = re.compile(r"\d(?:[ .()/-]{0,2}\d){6}")
_IS_CREDENTIAL = re.compile(
    r"://|pass|pwd|secret|token|key|authori|cookie|credential|cv[cv]|otp|pin|ssn|bearer\s|basic\s", re.IGNORECASE
)

DETECTORS = frozenset({"aws", "card", "credential", "email", "iban", "ip", "jwt", "phone", "private-key"})
"""The names of all detectors."""

_SHORTEST = 3
_FEWEST_COLONS = 3
_AWS_SIZE = 20
_CARD_SIZE = 13


def hidden(text: str, hide: Hide, names: frozenset[str]) -> str:
    """Return a text in which everything that one of the named detectors finds is put through `hide`."""
    if len(text) < _SHORTEST:
        return text
    # What every text goes through: looking for a part is quicker than asking a pattern, let alone calling a function.
    has_colon = ":" in text
    if "-----BEGIN" in text and "private-key" in names:
        text = _whole("private-key", _PRIVATE_KEY, text, hide)
    if "eyJ" in text and "jwt" in names:
        text = _whole("jwt", _JWT, text, hide)
    says = has_colon or "=" in text or "earer" in text or "asic" in text or "EARER" in text or "ASIC" in text
    if says and "credential" in names and _IS_CREDENTIAL.search(text):
        text = _credentials(text, hide)
    if "@" in text and "email" in names:
        text = _whole("email", _EMAIL, text, hide)
    if len(text) >= _AWS_SIZE and "aws" in names and _AWS_ID.search(text):
        text = _aws(text, hide)
    if "+" in text and "phone" in names:
        text = _whole("phone", _PHONE, text, hide)
    if has_colon and text.count(":") > 1 and "ip" in names:
        text = _IPV6.sub(lambda found: _ipv6(found[0], hide), text)
    return _numbers(text, hide, names) if _DIGIT.search(text) else text


def _numbers(text: str, hide: Hide, names: frozenset[str]) -> str:
    if len(text) >= _CARD_SIZE and _FEW_DIGITS.search(text):
        if "iban" in names:
            text = _ibans(text, hide)
        if "card" in names:
            text = _cards(text, hide)
    if "ip" in names and text.count(".") > 2:
        text = _IPV4.sub(lambda found: hide("ip", found[0]) if is_ipv4(found[0]) else found[0], text)
    return text


def _whole(name: str, pattern: re.Pattern[str], text: str, hide: Hide) -> str:
    return pattern.sub(lambda found: hide(name, found[0]), text)


def _credentials(text: str, hide: Hide) -> str:
    text = _SCHEME.sub(lambda found: found[1] + found[2] + hide("credential", found[0]), text)
    text = _ASSIGNED.sub(lambda found: found["name"] + _hidden_value(found["value"], found["quote"] or "", hide), text)
    return _USERINFO.sub(lambda found: hide("credential", found[0]), text)


def _hidden_value(value: str, quote: str, hide: Hide) -> str:
    return quote + hide("credential", value[len(quote) :])


def _aws(text: str, hide: Hide) -> str:
    replaced = _AWS_ID.sub(lambda found: hide("aws", found[0]), text)
    # Forty such characters may be anything, unless the name of a key is beside them.
    return text if replaced == text else _AWS_SECRET.sub(lambda found: hide("aws", found[0]), replaced)


def _ibans(text: str, hide: Hide) -> str:
    def one(found: Match[str]) -> str:
        written = found[0]
        length = _LENGTH_OF.get(written[:2].upper(), 0)
        end = _end_of(written, length)
        if not end or not is_iban(written[:end]):
            return written
        return hide("iban", written[:end]) + written[end:]

    return _IBAN.sub(one, text)


def _end_of(written: str, length: int) -> int:
    """Return where so many characters that are no blanks end; 0 where there are fewer."""
    seen = 0
    for place, char in enumerate(written, 1):
        seen += char != " "
        if seen == length:
            return place
    return 0


def _cards(text: str, hide: Hide) -> str:
    def one(found: Match[str]) -> str:
        written = found[0]
        made, place = [], 0
        while place < len(written):
            end = _card_from(written, place)
            made.append(hide("card", written[place:end]) if end else written[place])
            place = end or place + 1
        return "".join(made)

    return _DIGITS.sub(one, text)


def _card_from(written: str, begin: int) -> int:
    """Return where a card number ends that begins in a place, as a group of digits does; 0 where none does."""
    if begin and written[begin - 1].isdigit():
        return 0
    digits = ""
    best = 0
    for place in range(begin, min(len(written), begin + 38)):
        if written[place].isdigit():
            digits += written[place]
        is_end = place + 1 == len(written) or not written[place + 1].isdigit()
        if is_end and written[place].isdigit() and is_card(digits):
            best = place + 1
    return best


def is_card(digits: str) -> bool:
    """Tell whether digits are as those of a card: by its first ones, their number, and the checksum of Luhn."""
    size = len(digits)
    if not 13 <= size <= 19:
        return False
    first, two = digits[0], int(digits[:2])
    fits = (
        (first == "4" and size in (13, 16, 19))
        or ((51 <= two <= 55 or 22 <= two <= 27) and size == 16)
        or (two in (34, 37) and size == 15)
        or (two in (30, 36, 38, 39) and 14 <= size <= 19)
        or (two == 35 and size >= 16)
        or (first == "6" and size >= 16)
        or two == 50 or 56 <= two <= 58
    )  # fmt: skip
    if not fits:
        return False
    doubled = [
        int(digit) if place % 2 == 0 else sum(divmod(int(digit) * 2, 10)) for place, digit in enumerate(digits[::-1])
    ]
    return sum(doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Tell whether text is an IBAN: by its country's length, and the remainder by 97."""
    bare = text.replace(" ", "").upper()
    if _LENGTH_OF.get(bare[:2]) != len(bare) or not bare.isascii() or not bare.isalnum():
        return False
    return int("".join(str(int(char, 36)) for char in bare[4:] + bare[:4])) % 97 == 1


def is_ipv4(text: str) -> bool:
    """Tell whether text is an address of IPv4."""
    parts = text.split(".")
    return len(parts) == 4 and all(part.isdecimal() and int(part) < 256 for part in parts)


def is_ipv6(text: str) -> bool:
    """Tell whether text is an address of IPv6."""
    head, gap, tail = text.partition("::")
    groups = [*filter(None, head.split(":")), *filter(None, tail.split(":"))]
    if gap and ("::" in tail or tail.startswith(":") or head.endswith(":")):
        return False
    if not gap and text.count(":") + 1 != len(groups):
        return False
    size = 0
    for place, group in enumerate(groups):
        if "." in group and place == len(groups) - 1 and is_ipv4(group):
            size += 2
        elif len(group) <= 4 and "." not in group:
            size += 1
        else:
            return False
    return size <= 7 if gap else size == 8


def _ipv6(written: str, hide: Hide) -> str:
    bare = written.rstrip(".")
    # Few letters around a pair of colons are more often a name in a program.
    is_name = bare.count(":") < _FEWEST_COLONS and not any(char.isdecimal() for char in bare)
    return written if is_name or not is_ipv6(bare) else hide("ip", bare) + written[len(bare) :]

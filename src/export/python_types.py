"""HTTP status codes: what each of them means, who says so, and what IANA has registered.

Copy this file into your project as a module. It needs Python 3.9 or later, and nothing else.
"""

from __future__ import annotations

import warnings
from enum import EnumMeta, IntEnum
from typing import TYPE_CHECKING, Literal, NamedTuple, Optional

if TYPE_CHECKING:
    # Type checkers know it without the package.
    from typing_extensions import deprecated
else:

    def deprecated(message):
        def decorate(get):
            def warn_and_get(cls):
                warnings.warn(message, DeprecationWarning, stacklevel=2)
                return get(cls)

            warn_and_get.__doc__ = get.__doc__
            return warn_and_get

        return decorate


Origin = Literal["rfc", "webdav", "vendor", "unofficial"]
"""Who brought a meaning into the world: the IETF for HTTP at large, the IETF for WebDAV, a vendor
for its own use, or nobody who could be asked."""

Registration = Literal["registered", "temporary", "reserved", "obsoleted", "unregistered"]
"""What IANA's registry says of a meaning: it is listed; it is listed for a time; the code is kept
from being assigned; it is listed, and obsolete; it is not listed."""


RedirectMethod = Literal["kept", "may-become-get", "becomes-get"]
"""What becomes of the request method when the client follows a redirect (RFC 9110, Section 15.4): the
client must not change it; it may change POST to GET; it retrieves the other resource with GET, or HEAD."""


class Meaning(NamedTuple):
    """One use of a status code by someone."""

    id: str
    """The id, stable from version to version, such as `421-misdirected-request`."""
    code: int
    """The status code."""
    phrase: Optional[str]
    """The reason phrase; a reserved code has none."""
    former_phrases: tuple[str, ...]
    """Phrases that it bore before, the latest first."""
    name_zh_hans: str
    """What it is called in Simplified Chinese."""
    origin: Origin
    """Who brought it into the world."""
    vendor: Optional[str]
    """The vendor's name, if a vendor it was."""
    registration: Registration
    """What IANA's registry says of it."""
    interim: Optional[bool]
    """Whether the response is interim, so that a final one follows (RFC 9110, Section 15.2); `None`
    where no standard says."""
    may_have_content: Optional[bool]
    """Whether the response may have content, unless it is to HEAD or CONNECT (RFC 9110, Section
    6.4.1); `None` where no standard says."""
    heuristically_cacheable: Optional[bool]
    """Whether a cache may store and reuse the response without being told for how long (RFC 9110,
    Section 15.1); `None` where no standard says."""
    redirect_method: Optional[RedirectMethod]
    """What becomes of the request method when the client follows the redirect; `None` for what is no
    redirect, or one of which no standard says."""
    summary: str
    """What it means."""


def reason_phrase(code: int) -> Optional[str]:
    """The reason phrase that IANA's registry gives a code; `None` for codes that it does not list
    with one. See `meanings_of` for what else a code is used for."""
    return REASON_PHRASES.get(code)


def meanings_of(code: int) -> tuple[Meaning, ...]:
    """All meanings of a code: the one that IANA has registered, if any, comes first."""
    return tuple(meaning for meaning in MEANINGS if meaning.code == code)


def code_of_phrase(phrase: str) -> Optional[int]:
    """The code with this reason phrase, in any case of ASCII letters. Registered phrases are looked
    at first, then their former ones, then those of codes that are not registered."""
    wanted = _lower(phrase)
    registered = [meaning for meaning in MEANINGS if meaning.registration != "unregistered"]
    others = [meaning for meaning in MEANINGS if meaning.registration == "unregistered"]
    for meanings in (registered, others):
        for meaning in meanings:
            if meaning.phrase is not None and _lower(meaning.phrase) == wanted:
                return meaning.code
        for meaning in meanings:
            if any(_lower(former) == wanted for former in meaning.former_phrases):
                return meaning.code
    return None


def _lower(text: str) -> bytes:
    # Bytes, for their `lower` leaves all but ASCII letters alone.
    return text.encode("utf-8", "surrogatepass").lower()

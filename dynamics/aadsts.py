"""What Entra ID's refusals mean: AADSTS number → sentence and remedy.

Numbers and meanings: entra/reference-error-codes. Microsoft lets programs decide on the word
`error` only; the number explains it to a person.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from connection.errors import RemoteFault, SignInFailed, Unintelligible
from dynamics.bodies import looks_like_html, value_of
from dynamics.calls import Answer, Service

PENDING, SLOW_DOWN = "authorization_pending", "slow_down"
"""A device code's answers that say to ask again; `code` is then this word and never a number."""

_NOISE = re.compile(r"\s*(?:Trace ID|Correlation ID|Timestamp):.*", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"AADSTS(\d+)")
_APP_CHOICE = (
    "A password alone cannot do this: ask the administrator of Entra ID to exempt the account, or "
    "let Business Central sign in with an app, which you choose with /d365 setup."
)
_POLICY = (
    "Ask the administrator of Entra ID: in its admin center, Sign-in logs show which policy it "
    "was, and under Conditional Access this account or app can be exempted from it."
)
_TENANT = (
    "Check the tenant with /d365 setup, and D365BOT_LOGIN_URL, the address of its cloud, where "
    "the bot runs."
)
_ONE_TENANT = "Enter the tenant's id or its domain with /d365 setup."
_RESTART = "Begin again with /d365 sign-in."
_APP = "In Entra ID open App registrations, the app,"
_FEDERATED = (
    f"{_APP} Certificates & secrets, Federated credentials, and compare issuer, subject and "
    "audience with those of the assertion."
)
_LATER = "Try again in a few minutes."
_REPORT = "Report this to whoever runs the bot, with the reference shown."


@dataclass(frozen=True, slots=True)
class Explanation:
    """What happened and what to do about it."""

    sentence: str
    remedy: str


AADSTS: Mapping[int, Explanation] = {
    50027: Explanation(
        "Entra ID cannot read the signed assertion.",
        "Make a new certificate with /d365 secret; for a workload identity look at the file that "
        "holds the assertion.",
    ),
    50034: Explanation(
        "Entra ID knows no such user in this tenant.",
        "Correct the user name or the tenant with /d365 setup.",
    ),
    50053: Explanation(
        "The account is locked after too many tries.",
        "Wait some minutes, then give the right password with /d365 secret.",
    ),
    50055: Explanation(
        "The password has expired.",
        "Sign in to Microsoft 365 as this user and choose a new password; then give it to "
        "Business Central, and to the bot with /d365 secret.",
    ),
    50057: Explanation(
        "The account is disabled in Entra ID.",
        "In Entra ID open Users, the user, and enable the account.",
    ),
    50059: Explanation("No tenant was named in the sign-in.", _ONE_TENANT),
    50076: Explanation("This sign-in wants a second factor.", _APP_CHOICE),
    50079: Explanation("The user must first register a second factor.", _APP_CHOICE),
    50105: Explanation(
        "The user is not assigned to the app.",
        "In Entra ID open Enterprise applications, the app, Users and groups, and add the user.",
    ),
    50126: Explanation(
        "User name or password is wrong.",
        "Check the user name with /d365 setup, and give the password again with /d365 secret.",
    ),
    50194: Explanation("The app belongs to one tenant only.", _ONE_TENANT),
    50196: Explanation(
        "Entra ID saw the same sign-in too often and stopped it.", f"{_LATER} {_REPORT}"
    ),
    53000: Explanation("The device does not meet the rules of Entra ID.", _POLICY),
    53003: Explanation("A conditional access policy blocks the sign-in.", _POLICY),
    530032: Explanation("A security policy of the tenant blocks the sign-in.", _POLICY),
    530035: Explanation(
        "The security defaults of the tenant block the sign-in.",
        "Ask the administrator of Entra ID: security defaults are under Overview, Properties, and "
        "Conditional Access can take their place.",
    ),
    65001: Explanation(
        "Nobody has consented to what the app asks for.",
        f"{_APP} API permissions, and grant admin consent.",
    ),
    650057: Explanation(
        "The app does not list this resource among its permissions.",
        f"{_APP} API permissions, add Dynamics CRM for Sales or Dynamics 365 Business Central, "
        "and grant admin consent.",
    ),
    700016: Explanation(
        "Entra ID knows no app with this client id in this tenant.",
        "Check the client id and the tenant with /d365 setup. An app of another tenant needs "
        "admin consent in this one first.",
    ),
    700025: Explanation(
        "The app is a public client, which must not send a secret or a certificate.",
        "Enter the client id of another app with /d365 setup, one that is not registered for "
        "mobile and desktop applications.",
    ),
    700027: Explanation(
        "The signature is not of a certificate that the app has in Entra ID.",
        f"{_APP} Certificates & secrets, and upload the certificate that /d365 secret shows; "
        "Entra ID may take a minute to know it.",
    ),
    7000215: Explanation(
        "The client secret is wrong.",
        "Give the secret's value, not its id, with /d365 secret.",
    ),
    7000222: Explanation(
        "The client secret has expired.",
        f"{_APP} Certificates & secrets, make a new one, and give its value with /d365 secret.",
    ),
    7000218: Explanation(
        "The app wants a secret or a certificate, and none was sent.",
        f"{_APP} Authentication, and turn on Allow public client flows: device codes and "
        "passwords need it.",
    ),
    70011: Explanation(
        "Entra ID does not know the permission that was asked for.",
        "Check the Sales URL with /d365 setup.",
    ),
    70016: Explanation(
        "Nobody has entered the device code yet.", "Enter the code on the page shown, then wait."
    ),
    70018: Explanation("The device code is wrong.", _RESTART),
    70019: Explanation("The device code has expired.", _RESTART),
    70020: Explanation("The device code has expired.", _RESTART),
    90002: Explanation("Entra ID knows no such tenant.", _TENANT),
    9001023: Explanation("This sign-in needs a tenant of its own.", _ONE_TENANT),
    900144: Explanation("Entra ID missed a part of the sign-in.", _REPORT),
    90038: Explanation("The tenant lives in another national cloud.", _TENANT),
    90055: Explanation("Entra ID is refusing sign-ins because there were too many.", _LATER),
    90024: Explanation("Entra ID has a passing problem.", _LATER),
    90033: Explanation("Entra ID has a passing problem.", _LATER),
    50013: Explanation(
        "The signature of the workload identity's assertion does not hold.", _FEDERATED
    ),
    700211: Explanation(
        "The app trusts no issuer such as the one of the workload identity.", _FEDERATED
    ),
    700212: Explanation(
        "The workload identity's assertion is meant for somebody else than Entra ID.", _FEDERATED
    ),
    700213: Explanation(
        "The app trusts another subject than that of the workload identity.", _FEDERATED
    ),
    700021: Explanation(
        "The signed assertion is of another app than the one that signs in.",
        "Check the client id with /d365 setup: the certificate or assertion is another app's.",
    ),
    700023: Explanation(
        "The signed assertion is not meant for this tenant's sign-in.",
        _TENANT,
    ),
    700038: Explanation(
        "The client id is none that Entra ID could have given out.",
        "Copy the Application (client) ID from App registrations into /d365 setup.",
    ),
    700024: Explanation(
        "The signed assertion is not within its time.",
        "Set the clock of the bot's machine, and see that the assertion file is renewed.",
    ),
    70002: Explanation(
        "Entra ID could not check the user name and password, or the secret.",
        "Give the secret again with /d365 secret. If another server checks the account's password "
        "(a federated account), use an account of the cloud only, or an app.",
    ),
    70030: Explanation("The sign-in was declined.", _RESTART),
    500011: Explanation(
        "Entra ID knows no such resource in this tenant.",
        "Check the Sales URL and the tenant with /d365 setup: that tenant must have the service.",
    ),
}


_WORDS: Mapping[str, int] = {
    PENDING: 70016,
    "authorization_declined": 70030,
    "bad_verification_code": 70018,
    "expired_token": 70019,
}
"""OAuth's own words for device codes, where no number comes with them."""


def sign_in_fault(answer: Answer) -> RemoteFault:
    """The fault of an answer of Entra ID; also of one that is not Entra's."""
    body = value_of(answer.content)
    if isinstance(body, dict) and isinstance(body.get("error"), str):
        return refused_sign_in(body, answer.status, answer.reference)
    what = "a web page" if looks_like_html(answer) else "something"
    return Unintelligible(
        f"{Service.ENTRA} answered with {what} instead of a token or a refusal ({answer.status}).",
        "Check the way to Entra ID: a proxy or a sign-in page may stand in between.",
        status=answer.status,
        reference=answer.reference,
    )


def explanation_of(answer: Answer) -> Explanation | None:
    """Where a refusal carries a number that is known, whatever its status."""
    body = value_of(answer.content)
    return AADSTS.get(_number(body.get("error_codes"), "")) if isinstance(body, dict) else None


def refused_sign_in(body: Mapping[str, object], status: int, reference: str = "") -> SignInFailed:
    """From Entra's error object; an unknown number keeps Entra's own first sentence."""
    said = str(body.get("error_description") or "")
    number = _number(body.get("error_codes"), said)
    word = str(body.get("error") or "")
    known = AADSTS.get(number) or AADSTS.get(_WORDS.get(word, 0))
    code = f"AADSTS{number}" if number and word not in (PENDING, SLOW_DOWN) else word
    own = _first_sentence(said)
    fault = SignInFailed(
        known.sentence if known else f"Entra ID refused the sign-in{f': {own}' if own else '.'}",
        known.remedy if known else f"Look {code} up in Microsoft's list of error codes.",
        status=status,
        code=code,
        reference=str(body.get("trace_id") or body.get("correlation_id") or reference),
    )
    return fault if known else fault.quoting(own)


def _number(codes: object, said: str) -> int:
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return codes[0]
    found = _NUMBER.search(said)
    return int(found[1]) if found else 0


def _first_sentence(said: str) -> str:
    text = _NOISE.sub("", _NUMBER.sub("", said, count=1).lstrip(": ")).strip()
    first = re.split(r"(?<=[.!?])\s", " ".join(text.split()), maxsplit=1)[0]
    return first[:300]

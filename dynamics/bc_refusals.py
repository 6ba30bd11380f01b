"""What Business Central's refusals mean, by code and by status.

Codes: webservices/dynamics-error-codes of the devitpro documentation. The administrator's remedies:
automation-apis-using-s2s-authentication.
"""

from connection.errors import (
    Changed,
    NotFound,
    RemoteFault,
    RequestRefused,
    ServerDown,
    Throttled,
    Unauthorised,
    Unreachable,
)
from dynamics.meanings import Meaning, Meanings

_ADMIT = (
    "In Business Central open the page Microsoft Entra applications: the app must be there, its "
    "state Enabled, with permission sets. In Entra ID it needs API.ReadWrite.All with consent."
)
_ENVIRONMENT = "Check the tenant, the environment and the company with /d365 setup."
_AGAIN = "Read it again and repeat the change."
_BY_HAND = "Do this by hand in Business Central."
_DELETED = "Try again, and look in Business Central whether somebody deleted it."
_REPORT = "Report this with the reference shown."
_PUBLISH = "In Business Central open Web Services and look whether the page is published."

ON_PREMISES: dict[int, Meaning] = {
    401: Meaning(
        Unauthorised,
        "Business Central does not accept the user name with its web service access key.",
        "In Business Central open Users and the user: its state must be Enabled, its web service "
        "access key the one that the bot holds, and that key not expired. Give a new key with "
        "/d365 secret. The server instance must use the credential type NavUserPassword.",
    ),
    403: Meaning(
        RemoteFault,
        "",
        "In Business Central open Users and the user, and add a permission set.",
    ),
    404: Meaning(
        RemoteFault,
        "",
        "Check the web services URL and the company with /d365 setup, and in Business Central on "
        "the page Web Services whether the page is published.",
    ),
    405: Meaning(
        RemoteFault,
        "Business Central offers no web services at this address.",
        "Turn on the OData services of the server instance, and check the web services URL with "
        "/d365 setup.",
    ),
}
"""By status: on-premises a user signs in with an access key, and no Entra app is known. Where the
sentence is '' the fault's own stays."""

BC_CODES: Meanings = {
    "Authentication_InvalidCredentials": Meaning(
        Unauthorised, "Business Central does not accept the bot's sign-in.", _ADMIT
    ),
    "BadRequest_ResourceNotFound": Meaning(
        NotFound, "Business Central does not publish this", _PUBLISH, quotes=True
    ),
    "BadRequest_NotFound": Meaning(
        RequestRefused,
        "Business Central does not understand the question",
        _REPORT,
        quotes=True,
    ),
    "BadRequest_InvalidRequestUrl": Meaning(
        RequestRefused,
        "Business Central does not understand the address",
        "Check the environment and the company's name with /d365 setup.",
        quotes=True,
    ),
    "BadRequest_InvalidOperation": Meaning(
        RequestRefused, "Business Central lets this be changed by hand only", _BY_HAND, quotes=True
    ),
    "BadRequest_InvalidToken": Meaning(
        RequestRefused,
        "Business Central does not know the state that the change was based on",
        _AGAIN,
        quotes=True,
    ),
    "BadRequest_MethodNotAllowed": Meaning(
        RequestRefused, "The page does not allow this", _BY_HAND, quotes=True
    ),
    "BadRequest_MethodNotImplemented": Meaning(
        RequestRefused, "The page does not offer this", _BY_HAND, quotes=True
    ),
    "Request_EntityChanged": Meaning(
        Changed, "Somebody else changed the record in Business Central in between.", _AGAIN
    ),
    "Internal_EntityWithSameKeyExists": Meaning(
        Changed, "Business Central already has such a record.", _AGAIN
    ),
    "Internal_DataNotFoundFilter": Meaning(
        NotFound, "Business Central has no such record", _DELETED, quotes=True
    ),
    "Internal_RecordNotFound": Meaning(
        NotFound, "Business Central has no such record", _DELETED, quotes=True
    ),
    "Internal_CompanyNotFound": Meaning(
        NotFound, "Business Central has no company of that name.", _ENVIRONMENT
    ),
    "NoEnvironment": Meaning(
        NotFound, "Business Central has no environment of that name.", _ENVIRONMENT
    ),
    "BadRequest": Meaning(
        RequestRefused,
        "Business Central did not accept the request",
        _REPORT,
        quotes=True,
        broad=True,
    ),
    "BadRequest_RequiredParamNotProvided": Meaning(
        RequestRefused, "Business Central missed a part of the request", _REPORT, quotes=True
    ),
    "Internal_InvalidTableRelation": Meaning(
        RequestRefused,
        "A value names something that Business Central does not have",
        "Create what the value names in Business Central, or correct the value.",
        quotes=True,
    ),
    "Internal_TenantUnavailable": Meaning(
        ServerDown,
        "The environment of Business Central is not available",
        "Look at the environment in the Business Central admin center: it may be starting, being "
        "updated or suspended. Then try again.",
        quotes=True,
    ),
    "Internal_ServerError": Meaning(
        ServerDown,
        "Business Central had an error of its own",
        "Try again in a few minutes. If it stays, give the reference shown to Microsoft's support.",
        quotes=True,
    ),
    "Application_EvaluateException": Meaning(
        RequestRefused,
        "Business Central cannot read a value",
        "Correct the value: it is no number, date or option that the field takes.",
        quotes=True,
    ),
    "Application_InvalidGUID": Meaning(
        RequestRefused, "Business Central got an id that is none", _REPORT, quotes=True
    ),
    "Application_FilterErrorException": Meaning(
        RequestRefused, "Business Central does not understand a filter", _REPORT, quotes=True
    ),
    "Unknown": Meaning(
        RemoteFault,
        "Business Central does not say what went wrong",
        "Try again. If it stays, give the reference shown to Microsoft's support.",
        quotes=True,
        broad=True,
    ),
    "Application_DialogException": Meaning(
        RequestRefused,
        "Business Central answered with an error",
        "Open the page in Business Central and correct what it says.",
        quotes=True,
    ),
    "Application_CallbackNotAllowed": Meaning(
        RequestRefused,
        "Business Central would ask a question here, which a web service cannot answer",
        _BY_HAND,
        quotes=True,
    ),
    "Application_FieldValidationException": Meaning(
        RequestRefused, "Business Central refuses a value", "Correct the value.", quotes=True
    ),
    "Application_StringExceededLength": Meaning(
        RequestRefused,
        "A text is longer than Business Central can store",
        "Shorten it.",
        quotes=True,
    ),
}


def as_on_premises(fault: RemoteFault) -> RemoteFault:
    """The same fault in the words of a server on-premises, if it was the server that answered."""
    meaning = ON_PREMISES.get(fault.status)
    if meaning is None or isinstance(fault, Unreachable | Throttled):
        return fault
    if fault.code == "BadRequest_MethodNotAllowed":  # the page's word, and not the server's
        return fault
    told = type(fault)(
        meaning.sentence or fault.message,
        meaning.hint,
        status=fault.status,
        code=fault.code,
        reference=fault.reference,
    )
    return told.quoting("" if meaning.sentence else fault.quoted)


BC_STATUSES: dict[int, Meaning] = {
    400: Meaning(
        RemoteFault,
        "Business Central did not accept the request",
        _REPORT,
        quotes=True,
    ),
    401: Meaning(RemoteFault, "Business Central does not accept the bot's sign-in.", _ADMIT),
    403: Meaning(
        RemoteFault,
        "Business Central does not let the bot do this",
        "In Business Central open the page Microsoft Entra applications and add a permission set.",
        quotes=True,
    ),
    404: Meaning(
        RemoteFault, "Business Central has nothing at this address", _ENVIRONMENT, quotes=True
    ),
    405: Meaning(
        RemoteFault, "Business Central does not do this at this address", _BY_HAND, quotes=True
    ),
    408: Meaning(RemoteFault, "Business Central did not finish in time.", "Try again in a minute."),
    409: Meaning(
        RemoteFault,
        "Somebody else changed the record in Business Central in between",
        _AGAIN,
        quotes=True,
    ),
    412: Meaning(
        RemoteFault,
        "Somebody else changed the record in Business Central in between",
        _AGAIN,
        quotes=True,
    ),
    413: Meaning(
        RemoteFault,
        "The answer or the request is larger than Business Central allows.",
        "Do it in smaller parts.",
    ),
    415: Meaning(
        RemoteFault,
        "Business Central does not take what the bot sent",
        _REPORT,
        quotes=True,
    ),
}

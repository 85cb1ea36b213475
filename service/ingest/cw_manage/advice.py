"""
Say what an operator can look at after ConnectWise Manage refused a request.

The status decides first, then the form of the body, then what an inner error names. What a server says in words is
believed only where it speaks of permission, of the address or of the size of a page.
"""

import re
from urllib.parse import urlsplit

from service.core.settings import ConnectWiseManage
from service.ingest.cw_manage.names import AGREEMENTS, INFO, SECTION
from service.ingest.http.answers import BodyForm, ErrorBody
from service.ingest.http.client import RefusedRequest

ROLE = (
    "the security role of the API member does not allow it: it has to allow Inquire: All on Companies > Configurations"
    " and on Companies > Company Maintenance"
)
ROLE_OF_AGREEMENTS = (
    "the security role of the API member does not allow it: it has to allow Inquire: All on Finance > Agreements; or"
    f" set {SECTION}:Agreements to false"
)
NO_AGREEMENTS = (
    f"the configurations were found below {SECTION}:BaseUrl, and agreements were not: ask whoever runs the server"
    f" whether it serves them, or set {SECTION}:Agreements to false"
)
AGREEMENT_GONE = "an agreement may have been deleted while they were read: sync again"
KEYS = f"it does not know these keys: look at {SECTION}:CompanyId, ApiPublicKey, ApiPrivateKey and ApiClientId"
ADDRESS = f"it does not know this address or this company: look at {SECTION}:BaseUrl and {SECTION}:CompanyId"
NOTHING_THERE = (
    f"nothing is there: look at {SECTION}:BaseUrl, whose v..._.../apis part changes when the cloud is upgraded, "
    "and, because the cloud answers 404 to wrong keys as well, at CompanyId and the keys"
)
QUESTION_OF_AGREEMENTS = (
    f"it did not understand the question about agreements: look at {SECTION}:ApiVersion, or set {SECTION}:Agreements to"
    " false"
)
QUESTION = f"it did not understand the question: look at {SECTION}:Types and {SECTION}:ApiVersion"
WEB_PAGE = f"look at {SECTION}:BaseUrl, and at whatever proxy stands before the server"
VERSION = f"it does not serve this release of its API: look at {SECTION}:ApiVersion"
PREFIX = f"{SECTION}:BaseUrl names a host of the vendor's cloud, and its name has to begin with api-"

PERMISSION = re.compile(
    r"permission|\bsecurity\b|\brole\b|privilege|\brights?\b(?! reserved)|authori[sz]ed to\b|not allowed", re.IGNORECASE
)
"""How a server says that it knows the keys and that they may not do this."""

UNKNOWN_ADDRESS = re.compile(r"cannot route|codebase", re.IGNORECASE)
"""How the vendor's cloud says that no server of its has that path or that company."""

OF_PAGE_SIZE = re.compile(r"page\s?size", re.IGNORECASE)

CLOUD = (".myconnectwise.net", ".connectwisedev.com")
"""Ends of the names of the vendor's cloud hosts."""

PAGE_SIZE = f"it does not take so large a page: set {SECTION}:PageSize to what it allows"
FIELD = f"it does not know a field that is asked for: look at {SECTION}:BiosGuidSource and {SECTION}:ApiVersion"

SETTINGS_OF_FIELDS = {
    "pagesize": PAGE_SIZE,
    "conditions": QUESTION,
    "type": f"it does not know a type that is asked for: look at {SECTION}:Types",
    "activeflag": f"it does not know this condition: look at {SECTION}:ActiveOnly and {SECTION}:ApiVersion",
    "fields": FIELD,
    "customfields": FIELD,
    "questions": FIELD,
    "clientid": f"it does not take this client id: look at {SECTION}:ApiClientId",
    "companyid": ADDRESS,
    "accept": VERSION,
    "version": VERSION,
}
"""Parameter or field that a 400 names, in lower case and up to its first slash -> the setting that it comes from."""


def advise(refused: RefusedRequest, settings: ConnectWiseManage) -> str:
    """Return what to look at, as the end of a sentence; "" where the status says nothing about the settings."""
    advice = _by_status(refused)
    if refused.path.startswith(AGREEMENTS):
        advice = _of_agreements(refused, advice)
    if lacks_prefix(settings.base_url) and advice:
        return f"{PREFIX}; if that is not all, {advice}"
    return advice


def lacks_prefix(base_url: str) -> bool:
    """
    Whether an address is of the vendor's cloud and its host is not that of the API.

    That an address has https is no question here: the settings take plain http for this machine alone.
    """
    host = (urlsplit(base_url).hostname or "").casefold()
    return host.endswith(CLOUD) and not host.startswith("api-")


def _by_status(refused: RefusedRequest) -> str:
    match refused.status:
        case 200 if refused.body.form is BodyForm.WEB_PAGE:
            return WEB_PAGE
        case 400 if refused.path == INFO:
            return ADDRESS
        case 400:
            return _of_question(refused.body)
        case 401 if not PERMISSION.search(refused.body.text):
            return KEYS
        case 401 | 403:
            return ROLE
    return {404: NOTHING_THERE, 406: VERSION}.get(refused.status, "")


def _of_agreements(refused: RefusedRequest, advice: str) -> str:
    """What is said of any request, or what is said of agreements instead: they are a part that can be left out."""
    missing = NO_AGREEMENTS if refused.path == AGREEMENTS else AGREEMENT_GONE
    others = {ROLE: ROLE_OF_AGREEMENTS, NOTHING_THERE: missing}
    is_of_question = refused.status == 400 and advice not in {ADDRESS, PAGE_SIZE, VERSION}
    return QUESTION_OF_AGREEMENTS if is_of_question else others.get(advice, advice)


def _of_question(body: ErrorBody) -> str:
    """A gateway that cannot find the server answers in plain text; a server that read the question, in JSON."""
    named = [SETTINGS_OF_FIELDS.get(field.partition("/")[0].casefold()) for field in body.fields]
    if OF_PAGE_SIZE.search(body.text):
        named.append(PAGE_SIZE)
    if body.form in {BodyForm.TEXT, BodyForm.WEB_PAGE} or UNKNOWN_ADDRESS.search(body.text):
        named.append(ADDRESS)
    return next(filter(None, named), QUESTION)

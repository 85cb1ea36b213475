"""Names that several of these modules use: our name for the provider, and the API's names for what is requested."""

PROVIDER = "cw_manage"
SECTION = "Providers:ConnectWiseManage"

INFO = "/system/info"
CONFIGURATIONS = "/company/configurations"
AGREEMENTS = "/finance/agreements"

FIELDS = (
    "id",
    "name",
    "type/name",
    "status/name",
    "company/id",
    "company/name",
    "manufacturer/name",
    "deviceIdentifier",
    "serialNumber",
    "modelNumber",
    "tagNumber",
    "macAddress",
    "lastLoginName",
    "ipAddress",
    "defaultGateway",
    "osType",
    "osInfo",
    "mobileGuid",
    "activeFlag",
    "_info",
)
"""Fields to ask for. `id` has to be among them: it is the cursor of forward-only paging."""

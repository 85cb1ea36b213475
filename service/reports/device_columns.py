"""Columns that several reports have: what a device is called, whose it is, and which one it is."""

from typing import Annotated

from pydantic import Field

from service.reports.definition import WebAddress

CustomerColumn = Annotated[
    str | None, Field(title="Customer", description="Name of the customer.", examples=["Acme Inc."])
]
TypeColumn = Annotated[str | None, Field(title="Type", description="What the device is.", examples=["Laptop"])]
HostnameColumn = Annotated[
    str | None, Field(title="Hostname", description="The device's hostname.", examples=["acme-lt-0421"])
]
NameColumn = Annotated[str | None, Field(title="Name", description="Its display name.", examples=["ACME-LT-0421"])]
SerialColumn = Annotated[
    str | None, Field(title="Serial", description="The device's serial number.", examples=["5CG1234ABC"])
]
DeviceColumn = Annotated[
    str, Field(title="Device", description="The device's id.", examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"])
]
PsaLinkColumn = Annotated[
    WebAddress | None,
    Field(
        title="Open",
        description="The configuration in the PSA.",
        examples=["https://na.myconnectwise.net/v4_6_release/ConnectWise.aspx?routeTo=ConfigFV&recid=4711"],
    ),
]

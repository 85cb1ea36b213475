"""
How often each pathology strikes: the one table to read, or to change, before believing a score.

The rates are judgements, not measurements: no public fleet is labelled. Each follows a mechanism that vendors or
trackers describe, at a share that a provider of managed services would not find surprising. `of` names what is
drawn for, so that a share can be checked against what was generated.
"""

from typing import NamedTuple


class Rate(NamedTuple):
    """The share (0 to 1) of a population that a pathology strikes."""

    share: float
    of: str
    why: str


RATES: dict[str, Rate] = {
    # Firmware that does not say who it is
    "placeholder_serial": Rate(0.60, "white-box batches", "the assembler never wrote one; a listed filler"),
    "unlisted_serial": Rate(
        0.40, "white-box batches with a usable-looking serial", "one filler for the batch, on no list"
    ),
    "placeholder_guid": Rate(0.35, "white-box batches", "a listed template value"),
    "unlisted_guid": Rate(0.35, "white-box batches with no listed GUID", "one value for the batch, on no list"),
    "board_serial": Rate(
        0.15, "agents of rmm_gamma on metal", "the second serial is the mainboard's, not the machine's"
    ),
    "blank_serial": Rate(0.004, "branded workstations", "the board was serviced and never written again"),
    # Machines that change
    "renamed": Rate(0.04, "workstations and servers", "the agents follow, the PSA keeps the old name"),
    "reimaged": Rate(0.05, "workstations and servers", "a new agent id beside the stale row"),
    "board_replaced": Rate(
        0.008, "branded workstations and servers", "new GUID and on-board MAC; serial kept, blank or filler"
    ),
    "sold": Rate(0.003, "workstations", "some providers list the old owner, some the new one"),
    "second_hand": Rate(0.002, "workstations", "reinstalled at a new customer; the old PSA row stays active"),
    "name_reused": Rate(
        0.03, "workstations and servers", "the replacement takes the name of a box that is still listed"
    ),
    "chimera_row": Rate(0.03, "re-used names", "a sync by name put the new MAC on the old box's row, serial and all"),
    "same_name": Rate(0.004, "workstations", "two live boxes of one customer with one name, at different sites"),
    "retired": Rate(0.03, "workstations and servers", "out of use, with or without anybody saying so"),
    # Adapters that are not the machine's own
    "home_dock": Rate(0.45, "laptops", "a dock on the desk at home or at work"),
    "dock_handed_on": Rate(0.05, "laptops with a dock", "the successor's or a colleague's laptop sits there now"),
    "hot_desk": Rate(0.18, "laptops", "another dock each day; each provider saw another day"),
    "travelling_dongle": Rate(0.025, "laptops", "one USB adapter for up to thirty laptops"),
    "cheap_dongle": Rate(0.004, "laptops", "a no-name adapter whose maker burnt one address into all"),
    "bench_dongle": Rate(0.012, "laptops", "the PSA row was made at the provider's own bench, with its adapter's MAC"),
    "vpn_adapter": Rate(0.10, "workstations", "a client whose adapter has one MAC everywhere; half of them on no list"),
    "mac_pass_through": Rate(0.03, "laptops", "the dock shows the laptop's own MAC"),
    "random_wifi": Rate(0.12, "laptops", "a locally administered Wi-Fi MAC, another for each observer"),
    "psa_wifi_mac": Rate(0.30, "laptops", "the PSA holds the Wi-Fi MAC, the agent's primary is Ethernet"),
    "bmc_mac": Rate(0.15, "servers", "the PSA holds the MAC of the management controller"),
    "nlb_mac": Rate(0.02, "servers", "a cluster address on two nodes"),
    "partial_adapters": Rate(0.08, "servers", "an agent that lists only the adapters that are up"),
    # Names
    "netbios_cut": Rate(0.10, "customers", "names longer than 15 characters with a common beginning"),
    "common_appliance_name": Rate(0.3, "printers and network gear", "Printer, Switch, NAS: several at one customer"),
    "generic_name": Rate(0.25, "servers", "server, dc01, fileserver: at many customers"),
    "mac_default_name": Rate(0.35, "Macs", "MacBook-Pro, MacBook-Pro-2, one's own name's"),
    # Virtual machines
    "vmware": Rate(0.60, "virtual estates", "serial carries the GUID, guests of newer hardware show it swapped"),
    "cloned_vm": Rate(0.01, "guests", "copied with GUID and serial, renamed, both alive"),
    "hyperv_pool_clash": Rate(
        0.15, "Hyper-V hosts", "the pool is that of another host: same address digits, or a copied host"
    ),
    "vdi_pool": Rate(0.08, "customers with more than 80 boxes", "non-persistent desktops"),
    "containers": Rate(0.02, "servers", "agents in containers that show the host's GUID and serial"),
    # Several boxes, one serial
    "blades": Rate(0.025, "servers", "nodes that show the enclosure's serial"),
    "lpars": Rate(0.006, "servers", "partitions of one machine, one serial"),
    # The PSA, and the people who type into it
    "typed_wrong": Rate(0.035, "typed serials", "transposed, confused, missing or extra character"),
    "typed_neighbour": Rate(0.0003, "typed serials", "the next line of the delivery note: another box's serial"),
    "typed_label": Rate(0.02, "typed serials", "S/N in front, a remark behind"),
    "product_number": Rate(0.008, "typed serials", "the model's number in the serial field, equal on every unit"),
    "asset_tag": Rate(0.008, "typed serials", "the customer's tag in the serial field"),
    "typed_filler": Rate(0.012, "typed serials", "N/A, tbd, see sticker"),
    "typed_name": Rate(0.02, "typed names", "a slip in the name, or a remark behind it"),
    "name_only": Rate(0.07, "PSA rows", "nothing but a name"),
    "psa_duplicate": Rate(0.06, "boxes in the PSA", "two sync paths, or the same file imported twice"),
    "licence_row": Rate(0.03, "firewalls", "the support contract is a configuration with the box's serial"),
    "no_device": Rate(0.015, "boxes", "a PSA row that is a domain, a certificate, a subscription"),
    # Agents
    "swapped_guid": Rate(0.12, "agent rows of rmm_beta", "the reader prints the bytes as they stand"),
    "lagging": Rate(0.08, "agents of a changed box", "the agent broke; it shows the box as it was"),
    "stale_agent_row": Rate(0.55, "agents of a reinstalled box", "nobody removed the old row"),
    "wrong_link": Rate(0.01, "links of rmm_beta", "the mapping points at the row of a box of that name"),
    # Companies
    "misspelt_company": Rate(0.08, "companies of a provider", "a slip in the name"),
    "branch_companies": Rate(0.08, "customers with more than 60 boxes", "one provider lists each branch as a company"),
    "shared_tenant": Rate(0.02, "customers", "two customers of one group in one directory tenant"),
    "renamed_company": Rate(0.03, "customers", "one provider still has the old name"),
    "merged_company": Rate(0.01, "customers", "one provider lists the bought company's boxes under the buyer"),
    "near_namesake": Rate(0.02, "customers", "another customer has all but the same name"),
    "catch_all": Rate(0.015, "rows of agents", "never assigned to a customer"),
    "wrong_company": Rate(0.002, "rows of agents", "assigned to another customer by mistake"),
}

"""
How often each pathology strikes: the one table to read, or to change, before believing a score.

The rates are judgements, not measurements: no public fleet is labelled. Each follows a mechanism that vendors or
trackers describe, at a share that a provider of managed services would not find surprising. `of` names what is
drawn for, so that a share can be checked against what was generated.

An edition of the fleet is its table of rates. The first stays as it is, so that figures of different versions can be
compared. The second adds what dumps of real machines and reports from the field showed; where `why` gives a count, it
is of those dumps. A pathology that an edition does not have draws nothing there.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Rate(NamedTuple):
    """The share (0 to 1) of a population that a pathology strikes."""

    share: float
    of: str
    why: str


FIRST: Mapping[str, Rate] = {
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

SECOND: Mapping[str, Rate] = {
    **FIRST,
    # Values that carry other values
    "hp_guid": Rate(
        0.80, "HP machines", "the GUID spells product number and serial, or serial and MAC or blanks; 22 of 27"
    ),
    "hp_blank_guid": Rate(
        0.05, "HP machines whose GUID spells no serial", "product number and blanks: equal on every unit"
    ),
    "dell_board": Rate(0.50, "Dell machines", "the board's serial holds the service tag, /TAG/CN../; 11 of 24"),
    "dell_board_blank": Rate(0.50, "Dell machines whose board holds no tag", "..CN..: a board from the spares"),
    "mac_in_guid": Rate(0.40, "white-box batches with no GUID of the batch", "a template around the box's own MAC"),
    "guid_only": Rate(0.12, "agent rows of rmm_beta", "the chassis has no serial to read"),
    "serial_only": Rate(0.10, "agent rows of rmm_alpha", "the reader of the GUID failed"),
    "vm_guid_only": Rate(0.25, "agent rows of guests with rmm_alpha or iot_epsilon", "no serial is read of a guest"),
    "portal_row": Rate(0.12, "guests in the PSA", "entered from the portal: its name there and its serial"),
    # Readers
    "old_smbios": Rate(0.134, "machines of metal", "SMBIOS below 2.6: readers disagree on the byte order; 13.4 %"),
    "board_serial_few": Rate(
        0.02, "rows of metal with mdm_delta or iot_epsilon", "the board's serial alone; one report tells of 2 in 40"
    ),
    "labelled_value": Rate(0.01, "rows of cw_manage and rmm_alpha with a serial", "a script's output, header and all"),
    "mac_short_octets": Rate(0.05, "rows of servers with rmm_gamma", "octets without leading zero"),
    "mac_array": Rate(0.03, "rows of rmm_beta with an adapter", "the spelling of a WMI array"),
    "macs_in_one_text": Rate(0.05, "rows of rmm_alpha with several adapters", "one text with commas or semicolons"),
    "firewire_mac": Rate(0.03, "batches of laptops and Macs", "8 bytes cut to 6: equal in a batch"),
    # Texts of firmware
    "firmware_text": Rate(0.40, "white-box batches with a placeholder serial", "a variant that lists leave out"),
    "firmware_guid": Rate(0.40, "white-box batches with a listed GUID", "a template that lists leave out"),
    "chassis_text": Rate(0.05, "branded machines", "a text instead of the chassis' serial"),
    "model_as_serial": Rate(0.003, "branded machines", "the model's name in the serial field"),
    "placeholder_maker": Rate(
        0.03, "branded machines", "with the white boxes half of the 13.6 % that enthusiasts show, who build more"
    ),
    "placeholder_model": Rate(0.035, "branded machines", "with the white boxes half of the 15.5 % of enthusiasts"),
    # Virtual machines
    "cloned_vm": Rate(0.06, "guests", "as in the first edition; more, so that the line means something"),
    "cloned_again": Rate(0.30, "copied guests", "two or three copies more"),
    "clone_same_name": Rate(0.01, "copies of guests", "nobody renamed it: the adapter alone tells it apart"),
    "rerolled_vm": Rate(0.03, "guests", "the host gives a new GUID and serial at each start; name and MAC stay"),
    "azure": Rate(0.20, "customers with guests", "one chassis serial for every machine of that cloud"),
    "ec2": Rate(0.12, "customers with guests", "the serial is the GUID; MACs are locally administered"),
    "google_cloud": Rate(0.08, "customers with guests", "GoogleCloud-GUID; the MAC follows from the private address"),
    "oracle_cloud": Rate(0.05, "customers with guests", "no serial but the cloud's name"),
    "xen": Rate(0.08, "customers with guests", "the serial is the GUID"),
    "virtualbox": Rate(0.004, "laptops and desktops", "a guest on it: VirtualBox-GUID, in either byte order"),
    "parallels": Rate(0.06, "Macs", "a guest on it: Parallels- and the GUID in pairs"),
    # Several boxes from one image
    "edge_agent": Rate(0.45, "customers", "iot_epsilon: an agent that lists only the adapters that are up"),
    "image_guid": Rate(0.20, "customers with more than 20 boxes", "kiosks and small boards: one GUID out of an image"),
    "image_serial": Rate(0.08, "customers with more than 20 boxes", "the same with a copied serial, and own GUIDs"),
    "default_name": Rate(0.60, "roll-outs from one image", "all are localhost, or what the image is called"),
    # Companies
    "large_customer": Rate(1.0, "fleets", "up to 2,000 boxes, and initials in the PSA"),
    "initials_company": Rate(0.04, "customers", "one provider knows it by its initials"),
    "trade_name": Rate(0.02, "customers", "one provider knows it by a brand that has nothing in common"),
    "main_office": Rate(0.04, "customers", "one provider adds - Main Office or the like"),
}

RATES: Mapping[int, Mapping[str, Rate]] = {1: FIRST, 2: SECOND}
"""Edition -> pathology -> rate."""

"""
The weights of the evidence about a review: added up, they give the logarithm of the odds that both sides are one box.

Written by `python -m benchmarks.proposals --learn`, from made-up fleets of seeds 2 to 6; not to be edited by hand.
"""

BIAS = 1.98

WEIGHTS: dict[str, float] = {
    "bios_guids_agree": 0.0,
    "bios_guids_differ": -1.49,
    "serials_agree": 2.83,
    "serials_differ": -1.92,
    "serials_differ_by_one_error": 1.55,
    "serial_on_one_side": -1.02,
    "links_agree": 0.37,
    "adapters_in_common": 3.18,
    "no_adapter_in_common": -1.34,
    "adapters_differ": -2.86,
    "each_has_own_adapters": 0.0,
    "hostnames_agree": 2.62,
    "hostnames_differ": 0.0,
    "companies_differ": 0.0,
    "liveness_differs": -2.19,
    "agents_list_both": -2.71,
    "psa_lists_both": -3.06,
    "psa_lists_rivals": -0.37,
    "rivals": -2.89,
    "ambiguous": -1.35,
    "mainboard_replaced": 1.44,
    "clone": -2.28,
    "serial_across_companies": 0.24,
    "mac_across_hostnames": 0.35,
    "link_disputed": 0.95,
    "name_reused": 0.85,
    "serial_mistyped": 2.32,
    "two_weaker_kinds": -2.51,
}

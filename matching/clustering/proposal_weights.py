"""
The weights of the evidence about a review: added up, they give the logarithm of the odds that both sides are one box.

Written by `python -m benchmarks.proposals --learn`, from made-up fleets of seeds 2 to 6; not to be edited by hand.
"""

BIAS = 2.0

WEIGHTS: dict[str, float] = {
    "bios_guids_agree": 0.0,
    "bios_guids_differ": -1.15,
    "serials_agree": 2.12,
    "serials_differ": -1.95,
    "serials_differ_by_one_error": 1.2,
    "serial_on_one_side": -0.51,
    "links_agree": 0.88,
    "adapters_in_common": 4.13,
    "no_adapter_in_common": -1.63,
    "adapters_differ": -2.9,
    "each_has_own_adapters": 0.0,
    "hostnames_agree": 2.59,
    "hostnames_differ": 0.0,
    "companies_differ": -0.43,
    "liveness_differs": -1.83,
    "agents_list_both": -2.99,
    "psa_lists_both": -2.97,
    "psa_lists_rivals": -0.5,
    "rivals": -3.46,
    "ambiguous": -1.64,
    "mainboard_replaced": 1.36,
    "clone": -1.94,
    "serial_across_companies": 1.78,
    "untrusted_across_customers": 0.0,
    "mac_across_hostnames": -0.82,
    "link_disputed": 0.88,
    "name_reused": 0.15,
    "serial_mistyped": 2.76,
    "two_weaker_kinds": -2.53,
}

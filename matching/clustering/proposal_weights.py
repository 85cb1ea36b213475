"""
The weights of the evidence about a review: added up, they give the logarithm of the odds that both sides are one box.

Written by `python -m benchmarks.proposals --learn`, from made-up fleets of seeds 2 to 6; not to be edited by hand.
"""

BIAS = 1.83

WEIGHTS: dict[str, float] = {
    "bios_guids_agree": 0.0,
    "bios_guids_differ": -1.15,
    "serials_agree": 2.42,
    "serials_differ": -1.84,
    "serials_differ_by_one_error": 1.22,
    "serial_on_one_side": -0.43,
    "links_agree": 0.4,
    "adapters_in_common": 3.98,
    "no_adapter_in_common": -1.66,
    "adapters_differ": -2.91,
    "each_has_own_adapters": 0.0,
    "hostnames_agree": 2.79,
    "hostnames_differ": 0.0,
    "companies_differ": -0.42,
    "liveness_differs": -1.88,
    "agents_list_both": -2.97,
    "psa_lists_both": -2.99,
    "psa_lists_rivals": -0.47,
    "rivals": -3.5,
    "ambiguous": -1.73,
    "mainboard_replaced": 1.36,
    "clone": -2.07,
    "serial_across_companies": 1.68,
    "untrusted_across_customers": 0.0,
    "mac_across_hostnames": -0.58,
    "link_disputed": 1.11,
    "name_reused": 0.11,
    "serial_mistyped": 2.65,
    "two_weaker_kinds": -2.52,
}

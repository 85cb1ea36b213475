"""The version of the engine's rules, which a store keeps beside the devices that follow from them."""

ENGINE_VERSION = 2
"""
Raise it by one in every change after which the same records, policy and decisions may give other results.

That is: other canonical values, suppressed values or weak values; other blocking keys or search terms; another veto,
pass or review; another calibration; another value chosen for a golden record. A changed default of the policy needs no
new version: the store has a digest of the defaults. A store of an older version is brought up to date by
`samebox db upgrade`; one of a newer version is refused. Raise it once a release, not once a commit.

1: 0.1.0, which stored no version. 2: 0.2.0.
"""

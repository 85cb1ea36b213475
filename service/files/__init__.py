"""
Files in, files out: `samebox match` and `samebox evaluate` without a database.

`inputs` reads policy and decisions, `service.columns` the records, as tables. `resolving` turns components into devices
and reviews by way of `linking`, `composing` makes golden records, and `lines` reads a record again for both. `outputs`
and `summary` say what is written, `progress` how far a run is, and `run` has its steps. `evaluating` scores clusters.
"""

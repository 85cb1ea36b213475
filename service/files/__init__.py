"""
Resolve files of records into files of devices, without a database, and score clusters against a truth.

`inputs` reads policy and decisions, and `gathering` what the records say. `linking` resolves them into devices, and
`run` writes the outputs, of which `summary` makes one. `evaluating` scores clusters.
"""

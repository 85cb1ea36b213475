"""
Records in files -> devices in files, without a database, and clusters scored against a truth.

`inputs` reads policy and decisions, `gathering` the records (`linefiles` knows where each line lies), `linking` makes
the fleet, `run` writes the outputs with `summary`; `forking` spreads the work over the cores. `evaluating` scores.
"""

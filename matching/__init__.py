"""
The engine: records in, devices out. Pure: no I/O, no clock, no environment.

Read the rooms in the order in which a record walks through them: `model`, `normalise`, `identity`,
`index`, `calibrate`, `resolve`, `golden`, `explain`; `batch` is all of it in a row.
"""

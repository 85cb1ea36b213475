"""
The road of `samebox match` on Apache Spark: the same files, byte for byte, from as many machines as Spark has.

Nothing imports this room unless that engine is asked for, because PySpark is an extra. `reading` makes records of
lines, `standing` keeps one record a key and numbers them, `components` connects them, `resolving` and `composing` call
the pure functions that one machine calls, in Spark's workers. `tables` is how rows reach those functions, `session` how
Spark is started and ended, `run` the order of it all.
"""

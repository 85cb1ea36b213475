"""
Samebox on a made-up fleet.

`connectwise` is a fake ConnectWise Manage server, `fleet` generates the feeds of four providers and the truth about
them. Neither shares code with the rest of the service or with `matching`, which are tested against them. `providers`
and `results` implement the command `samebox demo`.
"""

"""A fake ConnectWise Manage server: the part of its REST API that Samebox reads, over HTTP on loopback."""

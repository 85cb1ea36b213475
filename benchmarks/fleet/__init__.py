"""
A made-up fleet with a truth: what a provider of managed services finds in one PSA and several agents.

It shares no code with the matcher. `rates` is the table to read first, one an edition; customers own boxes, boxes live
through phases, and each provider sees some phase of a box in its own way.
"""

from benchmarks.fleet.fleet import Fleet, generate

__all__ = ["Fleet", "generate"]

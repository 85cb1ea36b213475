"""Why two records of one device are one device, in a sentence."""

from itertools import pairwise

import networkx as nx

from matching.graph import COST
from matching.identity import identify, shown
from matching.model import Key, Kind
from matching.policy import Policy
from service.lookup import DeviceView
from service.reports.listings import listed

NAMES = {Kind.BIOS_GUID: "BIOS GUID", Kind.SERIAL: "serial", Kind.MAC: "MAC", Kind.HOSTNAME: "hostname"}


class Evidence:
    """
    What the records of one device say, asked for pairs of them.

    Left out is what was no evidence in the fleet as a whole: shared too widely, or of a field that is set aside.
    """

    def __init__(self, device: DeviceView, policy: Policy) -> None:
        present = {Key(view.provider, view.id) for view in device.records}
        self.values: dict[Key, list[tuple[Kind, str]]] = {}
        self.graph: nx.Graph[object] = nx.Graph()
        for record, view in zip(listed(device), device.records, strict=True):
            identity = identify(record, policy)
            unusable = {(bad.kind, bad.value) for bad in view.unusable}
            said = [pair for pair in (*identity.values(), *identity.weak) if pair not in unusable]
            self.values[identity.key] = said
            self.graph.add_node(identity.key)
            for kind, value in said:
                self.graph.add_edge(identity.key, f"{kind}={value}", cost=COST[kind])
            for link in set(identity.links) & present:
                self.graph.add_edge(identity.key, link, cost=2 * COST[Kind.LINK])

    def between(self, left: Key, right: Key) -> str:
        """Return what two records share, or the strongest chain of records through which they are one."""
        try:
            path = nx.shortest_path(self.graph, left, right, weight="cost")
        except nx.NetworkXNoPath:
            return f"{left} and {right}: a decision or a shortened name; `samebox explain` shows it"
        records = [node for node in path if isinstance(node, Key)]
        return "; ".join(self._hop(*pair) for pair in pairwise(records))

    def _hop(self, left: Key, right: Key) -> str:
        theirs = self.values[right]
        shared = [f"{NAMES[kind]} {shown(kind, value)}" for kind, value in self.values[left] if (kind, value) in theirs]
        return f"{left} and {right}: {'same ' + ', '.join(shared) if shared else 'one names the other'}"

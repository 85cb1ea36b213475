"""Union-find over positions: which of them are connected."""

from collections.abc import Sequence


class DisjointSets:
    """
    Disjoint sets of the positions 0 to `size` - 1; each set is represented by its smallest member.

    Complexity: near linear, by path halving. Reference: Tarjan and van Leeuwen, Worst-case analysis of set union
    algorithms, JACM 31(2), 1984.

    >>> sets = DisjointSets(4)
    >>> sets.union([3, 1])
    >>> sets.sets(), sets.find(3)
    ([[1, 3]], 1)
    """

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def find(self, position: int) -> int:
        """Return the smallest position of the set."""
        parent = self.parent
        while parent[position] != position:
            parent[position] = parent[parent[position]]
            position = parent[position]
        return position

    def union(self, positions: Sequence[int]) -> None:
        """Make one set of the sets of all these positions."""
        parent = self.parent
        first = positions[0]
        while parent[first] != first:  # `find`, written out: this is the innermost loop over all records
            parent[first] = first = parent[parent[first]]
        for position in positions:
            other = position
            while parent[other] != other:
                parent[other] = other = parent[parent[other]]
            if other < first:
                parent[first] = first = other
            elif other > first:
                parent[other] = first

    def sets(self) -> list[list[int]]:
        """Return the sets of two or more, each sorted, in order of their smallest member."""
        members: dict[int, list[int]] = {}
        for position, parent in enumerate(self.parent):
            if parent != position:
                root = self.find(position)
                members.setdefault(root, [root]).append(position)
        return [members[root] for root in sorted(members)]

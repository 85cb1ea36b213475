"""From stored records to stored devices: what a change touches is resolved, and what differs is written."""

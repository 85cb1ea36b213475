"""What was billed beside what is there: the list of billed quantities, its customers, and the devices."""

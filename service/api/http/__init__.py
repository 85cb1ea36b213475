"""What all calls share: keys, problems, paging, bodies and short answers."""

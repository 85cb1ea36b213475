"""Questions about devices: which one holds an identifier, what is known of it, why it is one."""

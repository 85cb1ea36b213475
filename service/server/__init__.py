"""The process that serves: its socket, its connections, what a client may use of it, and its end."""

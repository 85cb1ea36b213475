"""What Samebox is worth: accuracy on a made-up fleet, and speed. Each module is a command."""

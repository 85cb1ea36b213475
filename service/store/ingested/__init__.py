"""What providers sent: records, runs, and the rows of which no record could be made."""

"""What an organisation knows: its documents read, cut into chunks, embedded and found again."""

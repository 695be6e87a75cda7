"""A signed-in person's own account: who they are, their devices, their tokens, their data."""

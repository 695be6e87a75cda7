"""Which model writes for an organisation, and how much it may."""

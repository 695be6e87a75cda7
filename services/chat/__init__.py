"""Talking with the AI about a draft: what it proposes does nothing until a person accepts it."""

"""What can be told about words without a model that writes: terms, intent, mood, and what a search means."""

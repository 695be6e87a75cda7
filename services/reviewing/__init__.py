"""Who reviews, by which rules, and until when."""

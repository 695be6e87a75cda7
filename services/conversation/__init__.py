"""What people say about a draft, and what each of them has seen of it."""

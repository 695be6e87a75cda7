"""Living courses: what a newer version of a source means for the blocks that rest on it."""

"""How much of a document is read before it is refused, and what the process that reads it may use."""

MAX_PAGES = 5_000
MAX_CHARACTERS = 20_000_000
MAX_TEXT_BYTES = 64 * 1024**2
"""Of a file that is text itself, or of one XML part of an Office file."""

MAX_ARCHIVE_ENTRIES = 10_000
MAX_ARCHIVE_DIRECTORY_BYTES = 4 * 1024**2
MAX_ARCHIVE_BYTES = 2 * 1024**3
MAX_ARCHIVE_XML_BYTES = 160 * 1024**2
MAX_ARCHIVE_RATIO = 150
"""Unpacked to packed, for entries large enough to matter."""
RATIO_APPLIES_FROM_BYTES = 8 * 1024**2

CHILD_MEMORY_BYTES = 1536 * 1024**2
CHILD_CPU_SECONDS = 120
CHILD_OPEN_FILES = 64
CHILD_WALL_SECONDS = 300.0
MAX_ANSWER_BYTES = 8 * MAX_CHARACTERS

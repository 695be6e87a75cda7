"""Parts alone: ask for one, see it being written, use it in a lesson or throw it away."""

from pages.parts.listed import index
from pages.parts.shown import one

__all__ = ['index', 'one']

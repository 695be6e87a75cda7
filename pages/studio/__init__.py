"""The studio: one page for the making of a course, from the first outline to the finished version."""

from pages.studio.screen import index

__all__ = ['index']

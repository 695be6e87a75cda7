"""Home: what needs the person who has just signed in."""

from pages.home.screen import index

__all__ = ['index']

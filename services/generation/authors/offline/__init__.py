"""The author that needs nothing: it picks, orders and asks about the sources' own sentences."""

from services.generation.authors.offline.author import OfflineAuthor

__all__ = ['OfflineAuthor']

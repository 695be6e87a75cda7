"""Knowledge: the documents that courses are made from, where they lie, how good they are, and what is asked of them."""

from pages.knowledge import collected, document, use
from pages.knowledge.adding import ACCEPTED, UPLOAD_URL
from pages.knowledge.shelf import index

__all__ = ['ACCEPTED', 'UPLOAD_URL', 'collected', 'document', 'index', 'use']

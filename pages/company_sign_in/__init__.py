"""Company sign-in: what an administrator sets up for everybody, and what each person connects to their own account."""

from pages.company_sign_in.connected import connected
from pages.company_sign_in.screen import index

__all__ = ['connected', 'index']

"""Who somebody is: passwords, sessions, and the way from one organisation to another."""

from services.identity.accounts import Person, Place
from services.identity.hashing import hashed, matches
from services.identity.passwords import LONGEST_PASSWORD, check_password, password_rules
from services.identity.presence import Presence
from services.identity.service import IdentityService
from services.identity.sessions import SignIn
from services.identity.signing_in import SecondFactorRequired, WrongCode, WrongCredentials

__all__ = [
    'LONGEST_PASSWORD',
    'IdentityService',
    'Person',
    'Place',
    'Presence',
    'SecondFactorRequired',
    'SignIn',
    'WrongCode',
    'WrongCredentials',
    'check_password',
    'hashed',
    'matches',
    'password_rules',
]

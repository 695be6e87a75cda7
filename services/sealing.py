"""Secrets that have to be read back (a model's key, a client secret, a second factor) rest as ciphertext."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from services.errors import PlatformError


class SealBroken(PlatformError):
    status_code = 500
    code = 'seal_broken'

    def __init__(self) -> None:
        super().__init__('A stored secret cannot be read: the installation has another secret key now. Enter it again.')


class Sealer:
    """Authenticated encryption (Fernet: AES-128-CBC with HMAC-SHA256) under the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        key = hashlib.sha256(b'coursewright sealing\x00' + secret_key.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealBroken() from error

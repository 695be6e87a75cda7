"""A server of loopback that nobody may ask for anything: it counts who does."""

import socket
import threading
from types import TracebackType
from typing import Self


class Trap:
    """`with Trap() as trap:` listens on `trap.address`; `trap.asked` has the first line of whatever came."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._server = socket.create_server(('127.0.0.1', 0))
        self.address = f'127.0.0.1:{self._server.getsockname()[1]}'

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.close()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._server.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(2)
                try:
                    self.asked.append(caller.recv(400).decode('latin-1').split('\r\n')[0])
                except OSError:
                    self.asked.append('a connection')

"""The process that writes one export: `python -m … KIND TARGET`, the publication as JSON on its standard input.

Laying out a book is seconds of pure computing: in a thread of the server it would slow down everybody's pages.
"""

import asyncio
import ctypes
import logging
import os
import signal
import sys
from pathlib import Path

from pydantic import TypeAdapter

from services.errors import PlatformError
from services.exports.publication import Publication

_LONGEST_SECONDS = 900.0
_PUBLICATION = TypeAdapter(Publication)
_log = logging.getLogger(__name__)


class ExportStopped(PlatformError):
    status_code = 500
    code = 'export_stopped'


async def write(kind: str, publication: Publication, target: Path) -> None:
    """Called in the server. `kind` is html or pdf."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, '-P', '-m', 'services.exports.child', kind, str(target),
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(),
    )  # fmt: skip
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            told = await asyncio.to_thread(_PUBLICATION.dump_json, publication)
            _, complaint = await process.communicate(told)
    except TimeoutError as error:
        raise ExportStopped('This export took too long and was stopped. Start it again.') from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        _log.error('An export to %s ended with %s: %s', kind, process.returncode, complaint.decode(errors='replace'))
        raise ExportStopped(
            'Something went wrong on our side while this was written. Start it again; it is in the log.'
        )


def _environment() -> dict[str, str]:
    """Nothing of the server's own environment: it holds secrets."""
    return {
        'PATH': os.defpath,
        'LANG': 'C.UTF-8',
        'PYTHONPATH': os.pathsep.join(str(Path(entry or '.').resolve()) for entry in sys.path),
    }


def main() -> None:
    kind, target = sys.argv[1:]
    os.nice(5)  # the server answers first
    if sys.platform == 'linux':
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    publication = _PUBLICATION.validate_json(sys.stdin.buffer.read())
    if kind == 'html':
        from services.exports import html

        html.write(publication, Path(target))
    else:
        from services.exports import pdf

        pdf.write(publication, Path(target))


_PR_SET_PDEATHSIG = 1

if __name__ == '__main__':
    main()

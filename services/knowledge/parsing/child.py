"""The process that reads one document: `python -m … PATH NAME`; it answers as JSON lines."""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import IO

from services.knowledge.parsing import limits, progress
from services.knowledge.parsing.document import ParsedDocument
from services.knowledge.parsing.errors import DocumentTooLarge, UnreadableDocument, damaged
from services.knowledge.parsing.kernel import parse_file


def main() -> None:
    # Libraries that print must not spoil the answer.
    with os.fdopen(os.dup(1), 'w', encoding='utf-8', errors='replace') as answer:
        os.dup2(2, 1)
        confine()
        progress.listen(lambda read, of: _say(answer, read, of))
        path, name = Path(sys.argv[1]), sys.argv[2]
        try:
            _tell(answer, parse_file(path, name))
        except UnreadableDocument as refusal:
            _refuse(answer, refusal)
        except MemoryError:
            _refuse(
                answer,
                DocumentTooLarge(
                    '“{name}” needs more memory than reading a document may take. Split it into parts.', name=name
                ),
            )
        except (
            Exception
        ):  # whatever a hostile document makes a library raise: it ends here, in the log and as a refusal
            traceback.print_exc()
            _refuse(answer, damaged(name))


def confine() -> None:
    """Limits for this process: they cannot be raised again."""
    for limit, most in (
        (resource.RLIMIT_AS, limits.CHILD_MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.CHILD_CPU_SECONDS),
        (resource.RLIMIT_NOFILE, limits.CHILD_OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    os.nice(2)  # the server answers first
    if sys.platform == 'linux':
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        # No network, where the system lets us: inside a container it may not, and nothing here needs one anyway.
        with contextlib.suppress(AttributeError):
            _ = libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0


def _say(answer: IO[str], read: int, of: int) -> None:
    answer.write(json.dumps({'read': read, 'of': of}) + '\n')
    answer.flush()


def _tell(answer: IO[str], document: ParsedDocument) -> None:
    for page in document.pages:
        answer.write(json.dumps({'page': asdict(page)}) + '\n')
    rest = {
        'title': document.title,
        'media_type': document.media_type,
        'sections': [asdict(section) for section in document.sections],
        'warnings': document.warnings,
        'hidden': [asdict(one) for one in document.hidden],
        'language': document.language,
    }
    answer.write(json.dumps({'document': rest}) + '\n')


def _refuse(answer: IO[str], refusal: UnreadableDocument) -> None:
    refused = {'refused': type(refusal).__name__, 'message': refusal.message, 'params': refusal.params}
    answer.write(json.dumps(refused) + '\n')


_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000

if __name__ == '__main__':
    main()

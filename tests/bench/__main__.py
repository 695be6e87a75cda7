"""`python -m tests.bench [NAME…]`: measures, prints one line a figure, and writes bench.json into the data directory.

A limit that is missed is printed, not hidden, and does not fail the run; a figure that cannot be measured does.
"""

import asyncio
import os
import sys
import tempfile
import traceback
from pathlib import Path

from tests.bench import (
    ai_running,
    answering,
    checking,
    dashboards,
    drafting,
    ingestion,
    installing,
    leaking,
    long_document,
    mutating,
    policy,
    regenerating,
    revoking,
    searching,
    signing_in,
    starting,
    strangers,
    talking,
    together,
)
from tests.bench.figures import Figure, Group, write

# Installing comes last: it takes minutes, and says least about a change.
GROUPS: tuple[Group, ...] = (
    starting.GROUP,
    ingestion.GROUP,
    long_document.GROUP,
    drafting.GROUP,
    checking.GROUP,
    ai_running.GROUP,
    regenerating.GROUP,
    searching.GROUP,
    answering.GROUP,
    talking.GROUP,
    together.GROUP,
    dashboards.GROUP,
    policy.GROUP,
    mutating.GROUP,
    leaking.GROUP,
    signing_in.GROUP,
    revoking.GROUP,
    strangers.GROUP,
    installing.GROUP,
)


def main(wanted: set[str]) -> int:
    known = {name for group in GROUPS for name in group.names}
    if unknown := wanted - known:
        print(f'No such figure: {", ".join(sorted(unknown))}. There are: {", ".join(sorted(known))}', file=sys.stderr)
        return 2
    measured: list[Figure] = []
    failed = False
    for group in GROUPS:
        asked = wanted & set(group.names) if wanted else set(group.names)
        if asked:
            failed |= not asyncio.run(_measured(group, asked, measured))
    write(measured, Path(os.environ.get('COURSEWRIGHT_DATA_DIR', 'data')) / 'bench.json')
    return int(failed)


async def _measured(group: Group, asked: set[str], measured: list[Figure]) -> bool:
    with tempfile.TemporaryDirectory(prefix='coursewright-bench-') as directory:
        try:
            async for figure in group.measure(Path(directory)):
                if figure.name in asked:
                    measured.append(figure)
                    print(figure.line, flush=True)
        except Exception:
            traceback.print_exc()
            return False
    return asked <= {figure.name for figure in measured}


if __name__ == '__main__':
    sys.exit(main(set(sys.argv[1:])))

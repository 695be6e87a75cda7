"""`python -m tests.quality [NAME…]`: drafts a course from each of ten real documents and says how good it is.

The author is the one that the environment names (COURSEWRIGHT_LLM_PROVIDER and its companions), else the offline one.
Each draft is written to DATA_DIR/quality/NAME.md, to be read by a person: rules do not see what a teacher sees.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from tests.bench.site import signed_in
from tests.quality.corpus import SOURCES, Source
from tests.quality.drafting import Drafted, draft
from tests.quality.measures import Measures, measured
from tests.quality.reading import as_markdown
from tests.servers.application import Application

_AUTHOR = ('LLM_PROVIDER', 'LLM_BASE_URL', 'LLM_MODEL', 'LLM_API_KEY')
_HEAD = f'{"document":<14}{"lessons":>8}{"sourced":>9}{"covered":>9}{"repeated":>9}{"questions":>10}{"one key":>9}'
_HEAD += f'{"distract.":>10}{"reading":>9}{"measurable":>11}{"red":>5}{"amber":>6}{"seconds":>9}'


def main(wanted: list[str]) -> int:
    known = {source.name: source for source in SOURCES}
    if unknown := set(wanted) - set(known):
        print(f'No such document: {", ".join(sorted(unknown))}. There are: {", ".join(known)}', file=sys.stderr)
        return 2
    return asyncio.run(_run([known[name] for name in wanted] or list(SOURCES)))


async def _run(sources: list[Source]) -> int:
    folder = Path(os.environ.get('COURSEWRIGHT_DATA_DIR', 'data')) / 'quality'
    folder.mkdir(parents=True, exist_ok=True)
    author = {name: value for name in _AUTHOR if (value := os.environ.get(f'COURSEWRIGHT_{name}'))}
    print(f'author: {author.get("LLM_PROVIDER", "offline")} {author.get("LLM_MODEL", "")}\n{_HEAD}', flush=True)
    with tempfile.TemporaryDirectory(prefix='coursewright-quality-') as directory:
        application = Application(Path(directory) / 'data', demo=True, env=author)
        application.launch()
        try:
            await application.ready(within=300)
            async with signed_in(application) as client:
                for source in sources:
                    began = time.perf_counter()
                    drafted = await draft(application, client, source)
                    found = measured(drafted)
                    print(_line(drafted, found, time.perf_counter() - began), flush=True)
                    (folder / f'{source.name}.md').write_text(as_markdown(drafted, found))
                    (folder / f'{source.name}.json').write_text(json.dumps(asdict(found), indent=2) + '\n')
        finally:
            await asyncio.to_thread(application.stop)
    print(f'The drafts are in {folder}: read them.')
    return 0


def _line(drafted: Drafted, found: Measures, seconds: float) -> str:
    of_the_check = Counter(finding.severity for finding in drafted.findings)
    cells = [
        f'{drafted.source.name:<14}{found.lessons:>8}',
        f'{found.sourced:>9.1%}{found.covered:>9.0%}{found.repeated:>9.1%}',
        f'{found.questions:>10}{found.one_key:>9.0%}{found.distractors:>10.0%}',
        f'{found.reading_error:>9.0%}{found.measurable:>11.0%}',
        f'{of_the_check["red"]:>5}{of_the_check["amber"]:>6}{seconds:>9.0f}',
    ]
    return ''.join(cells)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

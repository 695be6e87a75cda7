"""Exercises from the code that the sources show: complete the cited example. Where they show none, there is none.

Parsing loses indentation, so only code that is whole without it is taken: commands, and statements one below the other.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from services.generation.authors.base import Brief
from services.generation.authors.offline.lessons import numbers_of
from services.generation.authors.offline.reading import Corpus
from services.generation.authors.offline.sentences import paragraphs, sentence_spans
from services.generation.drafts import BlockDraft, Citation, LabDraft, LessonPlan
from services.generation.labs import lab_fault

NO_CODE = (
    'These documents show no commands and no code that could be practised, so there is no exercise to draft from them. '
    'Choose other documents, or write the exercise yourself.'
)
_WANTED = re.compile(
    r'\b(?:labs?|hands-on|coding|programming|exercises? (?:in|with) (?:code|python|the shell))\b', re.I
)
_PROMPT = re.compile(r'^(?:\$|%|>|[\w.-]+@[\w.-]+:[^$#]{0,40}[$#])\s+(?P<command>\S.*)$')
_PYTHON_PROMPT = re.compile(r'^>>>\s?(?P<statement>\S.*)$')
_COMMAND = re.compile(
    r'^(?:sudo\s+)?(?:ls|cat|cd|cp|mv|mkdir|rm|echo|printf|grep|sed|awk|sort|uniq|head|tail|wc|cut|tr|find|tar|gzip|git'
    r'|python3?|pip|apt(?:-get)?|systemctl|journalctl|ssh|scp|curl|wget|docker|make|gcc|chmod|chown|export|for|dpkg)\b'
    r'(?=.*[\s\-./|<>"\'$])(?!.*[.!?]$)'
)
_IS_PROSE = re.compile(r'\b(?:the|is|are|and|of|that|with|you)\b', re.I)
_FORBIDDEN = re.compile(r'\b(?:sudo|rm\s+-\w*r|shutdown|reboot|mkfs|dd\s+if=|curl|wget|ssh|scp|apt|pip\s+install)\b')
_READS_FILES = re.compile(r'[\w\-]\.[a-z]{1,5}\b(?!\()')
_MOST_LINES = 12


@dataclass(frozen=True, kw_only=True)
class Example:
    """`code` as the source shows it, without prompts; `output` what the source shows that it prints, if it does."""

    language: str
    code: tuple[str, ...]
    output: tuple[str, ...]
    passage: int
    start: int
    end: int
    lead: str


def are_wanted(brief: Brief) -> bool:
    return bool(_WANTED.search(f'{brief.purpose} {brief.title}'))


def labs(corpus: Corpus, lesson: LessonPlan, already: Sequence[BlockDraft], *, most: int) -> list[LabDraft]:
    """At most so many, the examples with a known output first; none that stands in the course already."""
    known = {file.text for block in already if isinstance(block, LabDraft) for file in block.solution}
    found = [example for number in numbers_of(corpus, lesson) for example in examples(corpus, number)]
    found.sort(key=lambda one: (not one.output, one.passage, one.start))
    drafts: list[LabDraft] = []
    for example in found:
        draft = _lab(corpus, lesson, example)
        if draft is not None and draft.solution[0].text not in known and len(drafts) < most:
            known.add(draft.solution[0].text)
            drafts.append(draft)
    return drafts


def examples(corpus: Corpus, number: int) -> Iterator[Example]:
    """The code in a passage, in order."""
    text = corpus.passages[number - 1].text
    spans = list(paragraphs(text))
    for place, (start, end) in enumerate(spans):
        lines = [line.strip() for line in text[start:end].split('\n') if line.strip()]
        language, code, output = _read(lines)
        if not code or len(code) > _MOST_LINES:
            continue
        if not output and place + 2 < len(spans) and _announces(text[slice(*spans[place + 1])]):
            output = tuple(line.strip() for line in text[slice(*spans[place + 2])].split('\n') if line.strip())
            end = spans[place + 2][1] if len(output) <= _MOST_LINES else end
        lead = text[slice(*spans[place - 1])] if place else ''
        yield Example(
            language=language, code=tuple(code), output=tuple(output)[:_MOST_LINES], passage=number, start=start,
            end=end, lead=_last_sentence(lead),
        )  # fmt: skip


def _read(lines: Sequence[str]) -> tuple[str, list[str], tuple[str, ...]]:
    """(language, code, output) of a paragraph; no code where it is prose."""
    if any(_PYTHON_PROMPT.match(line) for line in lines):
        code = [found['statement'] for line in lines if (found := _PYTHON_PROMPT.match(line))]
        printed = tuple(line for line in lines if not _PYTHON_PROMPT.match(line))
        spoken = [f'print({line})' if place == len(code) - 1 and _is_expression(line) else line
                  for place, line in enumerate(code)]  # fmt: skip
        return ('python', spoken, printed) if _runs(spoken) else ('', [], ())
    if any(_PROMPT.match(line) for line in lines):
        code = [found['command'] for line in lines if (found := _PROMPT.match(line))]
        return 'bash', code, tuple(line for line in lines if not _PROMPT.match(line))
    if all(_COMMAND.match(line) and len(_IS_PROSE.findall(line)) < 2 for line in lines):
        return 'bash', list(lines), ()
    if len(lines) >= 2 and _runs(lines) and any('(' in line or '=' in line for line in lines):
        return 'python', list(lines), ()
    return '', [], ()


def _lab(corpus: Corpus, lesson: LessonPlan, example: Example) -> LabDraft | None:
    whole = '\n'.join(example.code)
    if _FORBIDDEN.search(whole) or (not example.output and len(example.code) < 2 and len(whole) < 12):
        return None
    passage = corpus.passages[example.passage - 1]
    where = f'{passage.document_name}, page {passage.page}'
    name = 'main.py' if example.language == 'python' else 'run.sh'
    if _READS_FILES.search(whole):
        example = replace(example, output=())  # the files are not in the document, so nothing is there to print
    given, wanted = example.code[:-1], example.code[-1]
    comment = '# Write the missing line here.'
    content = {
        'type': 'lab',
        'title': f'Practise: {lesson.title}'[:120],
        'task_html': _task(example, name, where),
        'language': example.language,
        'starter': [{'path': name, 'text': '\n'.join([*given, comment, ''])}],
        'solution': [{'path': name, 'text': f'{whole}\n'}],
        'tests': [_test(example, name, wanted)],
        'hints': [f'{where} shows the example.', f'The missing line begins with “{wanted.split()[0][:40]}”.'],
        'minutes': 5 + 2 * len(example.code),
    }
    if lab_fault(content):
        return None
    quote = passage.text[example.start : example.end]
    citations = [Citation(passage=example.passage, quote=quote)]
    return LabDraft.model_validate({**content, 'citations': [one.model_dump() for one in citations]})


def _task(example: Example, name: str, where: str) -> str:
    said = f'<p>{escape(example.lead, quote=False)}</p>' if example.lead else ''
    task = f'<p>Complete <code>{name}</code> so that it does what {escape(where, quote=False)} shows.</p>'
    if example.output:
        printed = escape('\n'.join(example.output), quote=False)
        return f'{said}{task}<p>It is done when it prints what the source prints:</p><pre><code>{printed}</code></pre>'
    unrun = 'The tests look at what the file says, not at what it does: the source shows too little to run it.'
    return f'{said}{task}<p>{unrun}</p>'


def _test(example: Example, name: str, wanted: str) -> dict[str, str]:
    """Compares the output where the source shows one; otherwise looks whether the line is there."""
    if example.language == 'python':
        if example.output:
            expected = '\n'.join(example.output)
            text = (
                'import subprocess\nimport sys\n\n\ndef test_main_prints_what_the_source_shows():\n'
                f"    run = subprocess.run([sys.executable, '{name}'], capture_output=True, text=True, timeout=20)\n"
                f'    assert run.stdout.strip() == {expected!r}\n'
            )
        else:
            text = (
                'from pathlib import Path\n\n\ndef test_main_holds_the_missing_line():\n'
                f"    lines = [''.join(line.split()) for line in Path('{name}').read_text().splitlines()]\n"
                f'    assert {"".join(wanted.split())!r} in lines\n'
            )
        return {'path': 'test_main.py', 'text': text}
    if example.output:
        printed = ''.join(f'{line}\n' for line in example.output)
        text = (
            "#!/bin/sh\nexpected=$(cat <<'END'\n"
            f'{printed}END\n)\nactual=$(sh {name})\n'
            'if [ "$actual" != "$expected" ]; then\n    echo "It prints something else than the source shows."\n'
            '    exit 1\nfi\n'
        )
    else:
        safe = wanted.replace("'", "'\\''")
        text = (
            f"#!/bin/sh\nif ! grep -qF -- '{safe}' {name}; then\n"
            f'    echo "{name} does not hold the command that the source shows."\n    exit 1\nfi\n'
        )
    return {'path': 'check.sh', 'text': text}


_OUTPUT = re.compile(
    r'\b(?:prints?|output|outputs|shows?|displays?|results? in|gives?|returns?|looks like)\b[^.]*:\s*$', re.I
)


def _announces(text: str) -> bool:
    return bool(_OUTPUT.search(text.strip())) and len(text.split()) <= 14


def _last_sentence(text: str) -> str:
    spans = list(sentence_spans(text, 0, len(text)))
    last = text[slice(*spans[-1])].strip() if spans else ''
    return last if last.endswith((':', '.')) and 3 <= len(last.split()) <= 40 else ''


def _runs(lines: Sequence[str]) -> bool:
    try:
        return bool(ast.parse('\n'.join(lines)).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _is_expression(line: str) -> bool:
    try:
        body = ast.parse(line).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return len(body) == 1 and isinstance(body[0], ast.Expr) and not line.startswith('print(')

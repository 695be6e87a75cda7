"""What a lab exercise must be before anybody runs it: checked by reading its files, never by running them."""

import ast
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

LANGUAGES = ('python', 'bash', 'javascript', 'sql', 'c', 'cpp', 'java', 'go', 'rust', 'html', 'text')
_MOST_FILES, _LARGEST_FILE, _LARGEST = 12, 40_000, 120_000
_PATH = re.compile(r'(?!.*(?:^|/)\.\.?(?:/|$))[\w.\-]+(?:/[\w.\-]+)*')
_ABSOLUTE = re.compile(r'(?<![\w.:/])/(?:home|root|etc|tmp|var|usr|opt|mnt|srv|Users)/|\b[A-Z]:\\\\?\w')
_WORD = re.compile(r'[A-Za-z_]\w{2,}')
_CHECKS = {
    'python': re.compile(r'\bassert\b|\.assert\w+\(|\braise\b|pytest\.raises'),
    'bash': re.compile(r'\b(?:test|diff|cmp|grep|exit)\b|\[\s'),
}
_PARTS = ('starter', 'solution', 'tests')


def lab_fault(content: Mapping[str, Any]) -> str:
    """What keeps the exercise from being set, as a clause: 'the solution is the starter'; '' where nothing does."""
    parts: dict[str, list[tuple[str, str]]] = {part: files_of(content, part) for part in _PARTS}
    language = str(content.get('language', ''))
    if not str(content.get('title', '')).strip() or not str(content.get('task_html', '')).strip():
        return 'it needs a title and a task'
    if language not in LANGUAGES:
        return f'its language is none of {", ".join(LANGUAGES)}'
    if not 1 <= _whole(content.get('minutes')) <= 480:
        return 'its minutes are not between 1 and 480'
    for part, files in parts.items():
        if fault := _fault_of_files(part, files):
            return fault
    if sum(len(text) for files in parts.values() for _, text in files) > _LARGEST:
        return f'its files are larger than {_LARGEST // 1000} kB together'
    if dict(parts['starter']) == dict(parts['solution']):
        return 'the solution is the starter: there is nothing to do'
    return _fault_of_tests(language, parts) if language != 'text' else ''


def files_of(content: Mapping[str, Any], part: str) -> list[tuple[str, str]]:
    """(path, text) of the files of 'starter', 'solution' or 'tests'."""
    return [(str(file.get('path', '')), str(file.get('text', ''))) for file in content.get(part) or ()]


def for_learners(content: Mapping[str, Any]) -> dict[str, Any]:
    """What learners may have: no solution, and of the tests only their names."""
    tests = [{'path': path, 'text': ''} for path, _ in files_of(content, 'tests')]
    return {**content, 'solution': [], 'tests': tests}


def _fault_of_files(part: str, files: Sequence[tuple[str, str]]) -> str:
    if not files:
        return f'it has no file as {part}' if part != 'tests' else 'it has no tests'
    if len(files) > _MOST_FILES:
        return f'it has more than {_MOST_FILES} files as {part}'
    paths = [path for path, _ in files]
    if len({path.casefold() for path in paths}) != len(paths):
        return f'two files of the {part} have the same name'
    for path, text in files:
        if not _PATH.fullmatch(path) or len(path) > 120:
            return f'“{path[:60]}” is no name for a file: use a relative path of letters, digits, dots and dashes'
        if len(text) > _LARGEST_FILE:
            return f'{path} is larger than {_LARGEST_FILE // 1000} kB'
        body = text.split('\n', 1)[-1] if text.startswith('#!') else text
        if found := _ABSOLUTE.search(body):
            return f'{path} names an absolute path ({found[0]}…), which is not there where the exercise runs'
        if path.endswith('.py') and (fault := _fault_of_python(path, text)):
            return fault
    return ''


def _fault_of_python(path: str, text: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            ast.parse(text)
    except SyntaxError as error:
        return f'{path} is not valid Python: line {error.lineno}, {error.msg}'
    except (ValueError, RecursionError, MemoryError):
        return f'{path} is not valid Python'
    return ''


def _fault_of_tests(language: str, parts: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    tests = '\n'.join(text for _, text in parts['tests'])
    check = _CHECKS.get(language)
    if check and not check.search(tests):
        return 'the tests compare nothing'
    names = set(_names(parts['starter'])) | {name for path, _ in parts['starter'] for name in (path, _stem(path))}
    used = set(_WORD.findall(tests)) | {path for path, _ in parts['starter'] if path in tests}
    if not names & used:
        return 'the tests name nothing of the starter'
    for module, name in _imports(parts['tests']):
        solution = next((text for path, text in parts['solution'] if _stem(path) == module), None)
        if solution is not None and name not in _defined(solution):
            return f'the tests want “{name}” from {module}, which the solution does not define'
    return ''


def _names(files: Iterable[tuple[str, str]]) -> Iterable[str]:
    for path, text in files:
        yield from _defined(text) if path.endswith('.py') else _WORD.findall(text)


def _defined(text: str) -> set[str]:
    """What a Python file defines at its top."""
    found: set[str] = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).split('.')[0] for alias in node.names}
        else:
            found |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    return found


def _imports(files: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    for path, text in files:
        if path.endswith('.py'):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ImportFrom) and node.module:
                    yield from ((node.module, alias.name) for alias in node.names if alias.name != '*')


def _stem(path: str) -> str:
    return path.rsplit('/', 1)[-1].rsplit('.', 1)[0]


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0

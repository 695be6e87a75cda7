"""The conventions that matter, as functions from one source file to what is wrong with it.

`violations` runs them all. Exceptions are signed here, each with its reason, and nowhere in the code.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from tests.architecture.addresses import last_word, wrong_addresses

Found = Iterator[tuple[int, str]]

LONGEST_FILE = 300
LONG_FILES: dict[str, str] = {}

BROAD_EXCEPTS = {
    'app/assembly.py': 'the site works without its demo data',
    'services/exports/pdf/formulas.py': 'the converters raise anything; the formula is then printed as it was typed',
    'services/durable.py': 'nobody waits for this work: its row has to say that it ended, and upkeep has to go on',
    'services/knowledge/parsing/child.py': 'a hostile document makes libraries raise anything; the child refuses it',
}

QUERIES_ELSEWHERE = {
    'services/slots.py': 'advisory locks of PostgreSQL: no table, no row, no organisation',
}

# Files and functions of storage/ whose rows are global, or which are meant to look at every organisation.
UNSCOPED_QUERIES = {
    'storage/checks.py': 'the consistency check looks at every organisation, from the command line only',
    'storage/catalogue.py:_has_status': 'a condition inside statements that start from a scope',
    'storage/own_account.py:others_with_role': 'the last who runs the installation, whichever organisation they are in',
}

# What everything else in services/ stands on: it knows no business domain.
FOUNDATION = {
    'accounts', 'audit', 'bus', 'clock', 'csv_files', 'durable', 'errors', 'fields', 'files', 'flags', 'formulas',
    'hashing', 'identity', 'limits', 'links', 'mail', 'members', 'notifications', 'organizations', 'proof',
    'revocation', 'richtext', 'sealing', 'second_factor', 'security_log', 'slots', 'tracing', 'viewer', 'work',
}  # fmt: skip

# Library -> the only places that may import it, so that replacing one touches one file.
ONLY_IMPORTED_IN = {
    'dbos': ('services/durable.py',),
    'docker': ('services/labs/',),
    'lancedb': ('storage/vectors.py', 'storage/vector_queries.py'),
    'anthropic': ('services/generation/authors/',),
    'openai': ('services/generation/authors/',),
    'sentence_transformers': ('services/knowledge/',),
    'torch': ('services/knowledge/',),
    'argon2': ('services/identity/hashing.py',),
    'nh3': ('services/richtext.py',),
    'cryptography': ('services/sealing.py',),
    'authlib': ('services/sign_on/',),
    'pyotp': ('services/second_factor.py',),
    'aiosmtplib': ('services/mail_delivery.py',),
    'structlog': ('app/logs.py',),
    'limits': ('services/limits.py',),
}

QUERY_WORDS = {'select', 'insert', 'update', 'delete', 'text', 'exists', 'union', 'union_all'}
ENVIRONMENT = {'environ', 'environb', 'getenv', 'getenvb'}
PAGE_CODE = {'add_head_html', 'add_body_html', 'add_css', 'add_scss', 'add_sass'}
WRITES_PAGE_CODE = {'components/theme.py', 'components/frame.py', 'pages/shell.py'}
WRITES_ADDRESSES = {'components/plain_page.py': 'the addresses of our own scripts and style sheets'}
RAW_STYLE = re.compile(r'(?<![&\w/])#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b|(?<![\w.])\d+(?:\.\d+)?px\b')


@dataclass(frozen=True, kw_only=True)
class Source:
    path: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        return PurePosixPath(self.path).parts[0]

    def imports(self) -> Iterator[tuple[int, str, str]]:
        """(line, module, name) of every import, wherever in the file it stands; name is '' for `import module`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield node.lineno, alias.name, ''
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    yield node.lineno, node.module, alias.name

    def calls(self) -> Iterator[tuple[ast.Call, str]]:
        """Every call with the last word of what it calls: `ui.run_javascript(…)` is 'run_javascript'."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node, last_word(node.func)


def violations(path: str, text: str) -> list[str]:
    """Sentences `path:line: what is wrong`, for a file at that path below the root of the project."""
    source = Source(path=path, text=text, tree=ast.parse(text))
    return [f'{path}:{line}: {wrong}' for rule in RULES for line, wrong in rule(source)]


def annotations_are_not_postponed(source: Source) -> Found:
    for line, module, name in source.imports():
        if (module, name) == ('__future__', 'annotations'):
            yield line, 'postponed annotations break the conversion of path parameters'


def html_is_sanitised(source: Source) -> Found:
    for call, _ in source.calls():
        for keyword in call.keywords:
            if keyword.arg == 'sanitize' and isinstance(keyword.value, ast.Constant) and keyword.value.value is False:
                yield call.lineno, 'sanitize=False lets markup reach the page as it came'


def code_reaches_a_page_in_one_place(source: Source) -> Found:
    for call, word in source.calls():
        if word in PAGE_CODE and source.path not in WRITES_PAGE_CODE:
            yield call.lineno, f'{word} belongs in components/theme.py'
        if word == 'run_javascript' and not (call.args and _harmless_script(call.args[0])):
            yield call.lineno, 'run_javascript with text put together on the way runs whatever gets into it'


def addresses_lead_where_they_say(source: Source) -> Found:
    if source.package in ('pages', 'components') and source.path not in WRITES_ADDRESSES:
        yield from wrong_addresses(source.tree)


def colours_and_sizes_come_from_the_theme(source: Source) -> Found:
    if source.package not in ('pages', 'components') or source.path == 'components/theme.py':
        return
    spoken = _docstrings(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            for match in RAW_STYLE.finditer(node.value):
                yield node.lineno, f'{match.group()} is a value of its own: name it in components/theme.py'


def only_settings_read_the_environment(source: Source) -> Found:
    if source.path == 'app/settings.py':
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT and last_word(node.value) == 'os':
            yield node.lineno, 'only app/settings.py reads the environment'
    for line, module, name in source.imports():
        if module == 'os' and name in ENVIRONMENT:
            yield line, 'only app/settings.py reads the environment'


def only_the_shell_is_a_page(source: Source) -> Found:
    if source.path == 'pages/shell.py':
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == 'page' and last_word(node.value) == 'ui':
            yield node.lineno, 'only pages/shell.py has @ui.page: a screen is a function in the table of screens'


def errors_are_named(source: Source) -> Found:
    if source.path in BROAD_EXCEPTS:
        return
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.ExceptHandler)
            and _catches_everything(node)
            and not isinstance(node.body[-1], ast.Raise)
        ):
            yield node.lineno, 'catching everything hides what we did wrong: name the error, or raise again'


def queries_live_in_storage(source: Source) -> Found:
    if source.package == 'storage' or source.path in QUERIES_ELSEWHERE:
        return
    for line, module, name in source.imports():
        if module.split('.')[0] in ('sqlmodel', 'sqlalchemy') and (name in QUERY_WORDS or not name):
            yield line, f'a query outside storage/ is a query without its organisation: {module} {name}'.rstrip()
    for call, word in source.calls():
        if word == 'exec_driver_sql':
            yield call.lineno, 'a query outside storage/ is a query without its organisation'


def queries_of_tenant_rows_are_scoped(source: Source) -> Found:
    """In storage/: a function that makes a statement starts from a Scope, or names the organisation itself."""
    if source.package != 'storage':
        return
    for function in ast.walk(source.tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        words = {last_word(node) for node in ast.walk(function) if isinstance(node, ast.Name | ast.Attribute)}
        queries_tenants = words & QUERY_WORDS and words & tenant_rows()
        signed = {source.path, f'{source.path}:{function.name}'} & set(UNSCOPED_QUERIES)
        if queries_tenants and not signed and not words & {'scope', 'organization_id'}:
            yield function.lineno, f'{function.name} reads or writes rows without saying whose'


def foundations_know_no_domain(source: Source) -> Found:
    parts = PurePosixPath(source.path).with_suffix('').parts
    if parts[0] != 'services' or len(parts) < 2 or parts[1] not in FOUNDATION:
        return
    for line, module, name in source.imports():
        target = [*module.split('.'), name]
        if target[0] == 'services' and target[1] and target[1] not in FOUNDATION:
            yield line, f'services/{parts[1]} is what domains stand on and may not know services/{target[1]}'


def a_library_has_one_home(source: Source) -> Found:
    for line, module, _ in source.imports():
        homes = ONLY_IMPORTED_IN.get(module.split('.')[0])
        if homes and not source.path.startswith(homes):
            yield line, f'{module} is imported only in {", ".join(homes)}'


def files_are_short(source: Source) -> Found:
    lines = source.text.count('\n')
    if lines > LONGEST_FILE and source.path not in LONG_FILES:
        yield LONGEST_FILE, f'{lines} lines, where {LONGEST_FILE} are allowed: a package may want to be born'


@cache
def tenant_rows() -> set[str]:
    """Names of the tables that belong to an organisation, as storage/ declares them."""
    sources = [ast.parse(path.read_text()) for path in (Path(__file__).parents[2] / 'storage').rglob('*.py')]
    classes = (node for tree in sources for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return {node.name for node in classes if 'TenantRow' in map(last_word, node.bases)}


def _harmless_script(script: ast.expr) -> bool:
    """Written out, with nothing put in but ids of elements and values that json.dumps wrote."""
    if isinstance(script, ast.JoinedStr):
        values = [part.value for part in script.values if isinstance(part, ast.FormattedValue)]
    elif isinstance(script, ast.BinOp) and isinstance(script.op, ast.Mod):
        values = script.right.elts if isinstance(script.right, ast.Tuple) else [script.right]
    else:
        return isinstance(script, ast.Constant)
    return all(
        (isinstance(value, ast.Attribute) and value.attr == 'id')
        or (isinstance(value, ast.Call) and last_word(value.func) == 'dumps')
        for value in values
    )


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or last_word(kind) in ('Exception', 'BaseException') for kind in caught)


def _docstrings(tree: ast.Module) -> set[int]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }


RULES: tuple[Callable[[Source], Found], ...] = (
    annotations_are_not_postponed,
    html_is_sanitised,
    code_reaches_a_page_in_one_place,
    addresses_lead_where_they_say,
    colours_and_sizes_come_from_the_theme,
    only_settings_read_the_environment,
    only_the_shell_is_a_page,
    errors_are_named,
    queries_live_in_storage,
    queries_of_tenant_rows_are_scoped,
    foundations_know_no_domain,
    a_library_has_one_home,
    files_are_short,
)

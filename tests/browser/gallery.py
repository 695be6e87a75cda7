"""Every component with sample content: `python tests/browser/gallery.py [port]`. Not part of the product."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from nicegui import ui

from components.frame import NavItem, bench_frame
from components.notice import toast
from components.theme import STATIC, apply_theme
from tests.browser import gallery_parts, gallery_tools

NAV = [
    NavItem(path='/parts', title='Parts', icon='widgets', count=5),
    NavItem(path='/fields', title='Fields', icon='edit'),
    NavItem(path='/tools', title='Tools', icon='account_tree'),
    NavItem(path='/content', title='Content', icon='book_2'),
]


def create() -> FastAPI:
    site = FastAPI()
    site.mount('/static', StaticFiles(directory=STATIC))
    apply_theme()
    ui.page('/')(shell)
    ui.page('/{_:path}')(shell)
    ui.run_with(site, title='Gallery', tailwind=False, language='en-GB', storage_secret='gallery', reconnect_timeout=15)
    return site


def shell(dark: int = 0) -> None:
    bench_frame(
        person='Ingrid Solberg', organization='Nordfeld Institute', role='instructor', items=NAV,
        theme='dark' if dark else 'light', on_search=lambda: toast('Search'), unread=True, on_bell=lambda: None,
        account=[('Your profile', '/parts')],
    )  # fmt: skip
    ui.sub_pages(
        {
            '/': gallery_parts.parts,
            '/parts': gallery_parts.parts,
            '/fields': gallery_parts.fields,
            '/tools': gallery_tools.tools,
            '/content': gallery_tools.content,
        }
    )


if __name__ == '__main__':
    uvicorn.run(create(), port=int(sys.argv[1]) if len(sys.argv) > 1 else 8399, log_level='warning')

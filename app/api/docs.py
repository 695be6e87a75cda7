"""The pages at /api/v1/docs: Swagger UI from a package, so that reading the reference asks no foreign server."""

from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from services.flags import API_DOCS, FlagService

_FILES = Path(fastapi_offline.__file__).parent / 'static'
_ASSETS = '/docs/assets'
_START = '/static/js/reference.js'
# Swagger UI writes styles into elements and draws its arrows from data addresses; it needs no eval.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def install(api: FastAPI, flags: FlagService, *, mounted_at: str) -> None:
    page = _page(api.title, f'{mounted_at}{api.openapi_url}', f'{mounted_at}{_ASSETS}')

    @api.get('/docs', include_in_schema=False)
    async def docs() -> HTMLResponse:
        await flags.require(None, API_DOCS)
        return HTMLResponse(page, headers={'Content-Security-Policy': _POLICY})

    api.mount(_ASSETS, StaticFiles(directory=_FILES))


def _page(title: str, reference: str, assets: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f'<link rel="stylesheet" href="{assets}/swagger-ui.css">'
        '<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">'
        f'</head><body><div id="reference" data-url="{reference}"></div>'
        f'<script src="{assets}/swagger-ui-bundle.js"></script><script src="{_START}"></script></body></html>'
    )

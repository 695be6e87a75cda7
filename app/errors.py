"""PlatformError -> JSON, in one place."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.counters import REFUSED
from app.tracing import HEADER
from services.errors import InvalidInput, NotSignedIn, PlatformError, TooManyRequests
from services.tracing import origin

# What the framework says in two words, said so that one knows how to go on.
_SENTENCES = {
    'Not Found': 'There is nothing at this address. The addresses are listed under /api/v1/docs.',
    'Method Not Allowed': 'This address cannot be asked in this way. What it takes is listed under /api/v1/docs.',
    'There was an error parsing the body': 'The body of this request could not be read. Send it again.',
}


def install(api: FastAPI) -> None:
    """Every refusal of the API is `{detail, code}`, with what the error adds: fields, findings."""
    api.add_exception_handler(PlatformError, _refused)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _broken)


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PlatformError)
    body: dict[str, Any] = {'detail': str(error), 'code': error.code, **error.extra()}
    headers = {}
    REFUSED.labels(error.code).inc()
    if isinstance(error, InvalidInput) and error.fields:
        body['fields'] = error.fields
    if isinstance(error, TooManyRequests):
        headers['Retry-After'] = str(error.retry_after)
    if isinstance(error, NotSignedIn):
        headers['WWW-Authenticate'] = 'Bearer'
    return JSONResponse(body, status_code=error.status_code, headers=headers)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = {'.'.join(str(part) for part in fault['loc'][1:]): str(fault['msg']) for fault in error.errors()}
    listed = '; '.join(f'{name or "body"}: {fault}' for name, fault in fields.items())
    return JSONResponse({'detail': f'Some of this is not right. {listed}.', 'code': 'invalid', 'fields': fields}, 422)


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = {404: 'not_found', 405: 'method_not_allowed', 413: 'too_large'}.get(error.status_code, 'refused')
    sentence = _SENTENCES.get(str(error.detail), str(error.detail))
    return JSONResponse({'detail': sentence, 'code': code}, error.status_code, headers=error.headers)


async def _broken(_request: Request, _error: Exception) -> JSONResponse:
    act = origin().request_id
    sentence = 'Something went wrong on our side. Try again; if it stays so, tell us the request_id.'
    return JSONResponse({'detail': sentence, 'code': 'broken', 'request_id': act}, 500, headers={HEADER: act})

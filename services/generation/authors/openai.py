"""OpenAIAuthor: OpenAI through /v1/responses; any compatible address through /v1/chat/completions."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from services.generation.authors.base import Draft
from services.generation.authors.model import (
    PATIENCE,
    Answer,
    ModelAuthor,
    Patience,
    Turn,
    json_schema,
    schema_name,
    traced,
)
from services.generation.authors.retrying import Sleep

if TYPE_CHECKING:  # importing the client takes time and memory that an idle server does not have to spend
    from openai import AsyncOpenAI

Api = Literal['responses', 'chat']


class OpenAIAuthor(ModelAuthor):
    provider = 'openai'

    def __init__(
        self,
        api_key: str,
        model: str,
        base_url: str | None = None,
        *,
        api: Api | None = None,
        patience: Patience = PATIENCE,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        super().__init__(model, patience=patience, sleep=sleep)
        self._api_key, self._base_url = api_key, base_url
        self.own_address = base_url is not None
        self._api: Api = api or ('chat' if base_url else 'responses')
        self._client: AsyncOpenAI | None = None
        self._connecting = asyncio.Lock()

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _answer(
        self, system: str, turns: Sequence[Turn], schema_of: type[Draft], on_text: Callable[[str], None]
    ) -> Answer:
        client = await self._connected()
        import httpx2
        import openai

        try:
            if self._api == 'chat':
                return await self._chat(client, system, turns, schema_of, on_text)
            try:
                return await self._responses(client, system, turns, schema_of, on_text)
            except openai.NotFoundError as error:
                if error.code == 'model_not_found':
                    raise
                self._api = 'chat'  # an address that does not know /v1/responses
                return await self._chat(client, system, turns, schema_of, on_text)
        except openai.APITimeoutError as error:
            connecting = isinstance(error.__cause__, httpx2.ConnectTimeout)
            raise (self.unreachable() if connecting else self.silent()) from error
        except openai.APIConnectionError as error:
            raise (
                self.torn() if isinstance(error.__cause__, httpx2.RemoteProtocolError) else self.unreachable()
            ) from error
        except openai.APIStatusError as error:
            raise self.refused(error.status_code, error.message, error.response.headers.get('retry-after')) from error
        except openai.APIError as error:  # an error event inside a stream
            raise self.refused(500, error.message, None) from error
        except httpx2.TimeoutException as error:
            raise self.silent() from error
        except (httpx2.TransportError, json.JSONDecodeError) as error:
            raise self.torn() from error

    async def _responses(
        self,
        client: 'AsyncOpenAI',
        system: str,
        turns: Sequence[Turn],
        schema_of: type[Draft],
        on_text: Callable[[str], None],
    ) -> Answer:
        schema = {
            'type': 'json_schema',
            'name': schema_name(schema_of),
            'strict': True,
            'schema': json_schema(schema_of),
        }
        messages: Any = [{'role': turn.role, 'content': turn.text} for turn in turns]
        text: Any = {'format': schema}
        whole, ended, usage = '', 'torn', (0, 0)
        stream = await client.responses.create(
            model=self.model,
            instructions=system,
            input=messages,
            text=text,
            stream=True,
            store=False,
            extra_headers=traced(),
        )
        async with stream:
            async for event in stream:
                if event.type == 'response.output_text.delta':
                    whole += event.delta
                    on_text(event.delta)
                elif event.type == 'response.refusal.done':
                    ended = 'refused'
                elif event.type in ('response.completed', 'response.incomplete'):
                    reason = event.response.incomplete_details.reason if event.response.incomplete_details else None
                    if ended != 'refused':
                        ended = {'max_output_tokens': 'cut', 'content_filter': 'refused'}.get(reason or '', 'whole')
                    if event.response.usage:
                        usage = event.response.usage.input_tokens, event.response.usage.output_tokens
                elif event.type == 'response.failed':
                    raise self.refused(500, str(event.response.error), None)
        return Answer(text=whole, ended=ended, input_tokens=usage[0], output_tokens=usage[1])  # type: ignore[arg-type]

    async def _chat(
        self,
        client: 'AsyncOpenAI',
        system: str,
        turns: Sequence[Turn],
        schema_of: type[Draft],
        on_text: Callable[[str], None],
    ) -> Answer:
        schema: Any = {
            'type': 'json_schema',
            'json_schema': {'name': schema_name(schema_of), 'strict': True, 'schema': json_schema(schema_of)},
        }
        messages: Any = [
            {'role': 'system', 'content': system},
            *({'role': turn.role, 'content': turn.text} for turn in turns),
        ]
        whole, ended, usage = '', 'torn', (0, 0)
        stream = await client.chat.completions.create(
            model=self.model,
            messages=messages,
            response_format=schema,
            stream=True,
            stream_options={'include_usage': True},
            extra_headers=traced(),
        )
        async with stream:
            async for chunk in stream:
                if chunk.usage:
                    usage = chunk.usage.prompt_tokens, chunk.usage.completion_tokens
                for choice in chunk.choices[:1]:
                    if choice.delta.refusal:
                        ended = 'refused'
                    if choice.delta.content:
                        whole += choice.delta.content
                        on_text(choice.delta.content)
                    if choice.finish_reason and ended != 'refused':
                        ended = {'length': 'cut', 'content_filter': 'refused'}.get(choice.finish_reason, 'whole')
        return Answer(text=whole, ended=ended, input_tokens=usage[0], output_tokens=usage[1])  # type: ignore[arg-type]

    async def _connected(self) -> 'AsyncOpenAI':
        async with self._connecting:
            if self._client is None:
                self._client = await asyncio.to_thread(self._connect)
            return self._client

    def _connect(self) -> 'AsyncOpenAI':
        import httpx2
        from openai import AsyncOpenAI

        timeout = httpx2.Timeout(self._patience.idle, connect=self._patience.connect)
        return AsyncOpenAI(api_key=self._api_key, base_url=self._base_url, timeout=timeout, max_retries=0)

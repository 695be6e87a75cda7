"""AnthropicAuthor: Claude models through the official client."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from services.generation.authors.base import Draft
from services.generation.authors.model import PATIENCE, Answer, ModelAuthor, Patience, Turn, json_schema, traced
from services.generation.authors.retrying import Sleep

if TYPE_CHECKING:  # importing the client takes seconds and memory that an idle server does not have to spend
    from anthropic import APIStatusError, AsyncAnthropic

_MOST_TOKENS = 32_000
_PASSING = frozenset({'overloaded_error', 'api_error', 'rate_limit_error', 'timeout_error'})


class AnthropicAuthor(ModelAuthor):
    provider = 'anthropic'

    def __init__(
        self,
        api_key: str,
        model: str,
        base_url: str | None = None,
        *,
        patience: Patience = PATIENCE,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        super().__init__(model, patience=patience, sleep=sleep)
        self._api_key, self._base_url = api_key, base_url
        self.own_address = base_url is not None
        self._client: AsyncAnthropic | None = None
        self._connecting = asyncio.Lock()

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _answer(
        self, system: str, turns: Sequence[Turn], schema_of: type[Draft], on_text: Callable[[str], None]
    ) -> Answer:
        client = await self._connected()
        import anthropic
        import httpx2

        texts: list[str] = []
        messages: Any = [{'role': turn.role, 'content': turn.text} for turn in turns]
        try:
            async with client.messages.stream(
                model=self.model,
                max_tokens=_MOST_TOKENS,
                system=system,
                messages=messages,
                output_config={'format': {'type': 'json_schema', 'schema': json_schema(schema_of)}},
                extra_headers=traced(),
            ) as stream:
                async for text in stream.text_stream:
                    texts.append(text)
                    on_text(text)
                message = await stream.get_final_message()
        except anthropic.APITimeoutError as error:
            connecting = isinstance(error.__cause__, httpx2.ConnectTimeout)
            raise (self.unreachable() if connecting else self.silent()) from error
        except anthropic.APIConnectionError as error:
            raise self.unreachable() from error
        except anthropic.APIStatusError as error:
            raise self._failure(error) from error
        except httpx2.TimeoutException as error:
            raise self.silent() from error
        except (httpx2.TransportError, json.JSONDecodeError) as error:  # the client lets a torn stream through as it is
            raise self.torn() from error
        ends = {
            'end_turn': 'whole',
            'stop_sequence': 'whole',
            'max_tokens': 'cut',
            'model_context_window_exceeded': 'cut',
            'refusal': 'refused',
        }
        return Answer(
            text=''.join(texts),
            ended=ends.get(message.stop_reason or '', 'torn'),  # type: ignore[arg-type]
            input_tokens=message.usage.input_tokens,
            output_tokens=message.usage.output_tokens,
        )

    async def _connected(self) -> 'AsyncAnthropic':
        async with self._connecting:
            if self._client is None:
                self._client = await asyncio.to_thread(self._connect)
            return self._client

    def _connect(self) -> 'AsyncAnthropic':
        import httpx2
        from anthropic import AsyncAnthropic

        timeout = httpx2.Timeout(self._patience.idle, connect=self._patience.connect)
        return AsyncAnthropic(api_key=self._api_key, base_url=self._base_url, timeout=timeout, max_retries=0)

    def _failure(self, error: 'APIStatusError') -> Exception:
        """An error inside a stream comes with status 200; its type says what it is."""
        if error.status_code < 400:
            kind = error.body.get('error', {}).get('type') if isinstance(error.body, dict) else None
            status = 529 if kind in _PASSING else 400
            return self.refused(status, error.message, None)
        return self.refused(error.status_code, error.message, error.response.headers.get('retry-after'))

"""A text as each provider sends it: whole, or as the events of a stream."""

from collections.abc import Iterator
from typing import Any

Events = list[tuple[str, dict[str, Any]]]


def _pieces(text: str) -> Iterator[str]:
    size = max(40, len(text) // 40)
    for i in range(0, len(text), size):
        yield text[i : i + size]


def messages(text: str, end: str, *, whole: bool) -> Events:
    stop = {'stop': 'end_turn', 'length': 'max_tokens', 'refusal': 'refusal'}[end]
    usage = {'input_tokens': 1000, 'output_tokens': len(text) // 4}
    message = {
        'id': 'msg_1',
        'type': 'message',
        'role': 'assistant',
        'model': 'double',
        'content': [],
        'stop_reason': None,
        'stop_sequence': None,
        'usage': {**usage, 'output_tokens': 1},
    }
    if whole:
        return [('', {**message, 'content': [{'type': 'text', 'text': text}], 'stop_reason': stop, 'usage': usage})]
    deltas = [
        (
            'content_block_delta',
            {'type': 'content_block_delta', 'index': 0, 'delta': {'type': 'text_delta', 'text': piece}},
        )
        for piece in _pieces(text)
    ]
    return [
        ('message_start', {'type': 'message_start', 'message': message}),
        (
            'content_block_start',
            {'type': 'content_block_start', 'index': 0, 'content_block': {'type': 'text', 'text': ''}},
        ),
        ('ping', {'type': 'ping'}),
        *deltas,
        ('content_block_stop', {'type': 'content_block_stop', 'index': 0}),
        (
            'message_delta',
            {'type': 'message_delta', 'delta': {'stop_reason': stop, 'stop_sequence': None}, 'usage': usage},
        ),
        ('message_stop', {'type': 'message_stop'}),
    ]


def chat(text: str, end: str, *, whole: bool) -> Events:
    usage = {'prompt_tokens': 1000, 'completion_tokens': len(text) // 4, 'total_tokens': 1000 + len(text) // 4}
    base = {'id': 'chat_1', 'created': 1, 'model': 'double'}
    finish = 'stop' if end == 'refusal' else end
    refusal = 'I cannot help with that.' if end == 'refusal' else None
    if whole:
        choice = {
            'index': 0,
            'message': {'role': 'assistant', 'content': text or None, 'refusal': refusal},
            'finish_reason': finish,
        }
        return [('', {**base, 'object': 'chat.completion', 'choices': [choice], 'usage': usage})]

    def chunk(delta: dict[str, Any], finish_reason: str | None = None) -> tuple[str, dict[str, Any]]:
        return '', {
            **base,
            'object': 'chat.completion.chunk',
            'choices': [{'index': 0, 'delta': delta, 'finish_reason': finish_reason}],
            'usage': None,
        }

    deltas = [chunk({'content': piece}) for piece in _pieces(text)] or [chunk({'refusal': refusal})]
    last = ('', {**base, 'object': 'chat.completion.chunk', 'choices': [], 'usage': usage})
    return [chunk({'role': 'assistant', 'content': ''}), *deltas, chunk({}, finish), last]


def responses(text: str, end: str, *, whole: bool) -> Events:
    usage = {
        'input_tokens': 1000,
        'input_tokens_details': {'cached_tokens': 0, 'cache_write_tokens': 0},
        'output_tokens': len(text) // 4,
        'output_tokens_details': {'reasoning_tokens': 0},
        'total_tokens': 1000 + len(text) // 4,
    }
    refused = end == 'refusal'
    part = (
        {'type': 'refusal', 'refusal': 'I cannot help with that.'}
        if refused
        else {'type': 'output_text', 'text': text, 'annotations': [], 'logprobs': []}
    )
    item = {'id': 'item_1', 'type': 'message', 'role': 'assistant', 'status': 'completed', 'content': [part]}
    base = {
        'id': 'resp_1',
        'object': 'response',
        'created_at': 1,
        'model': 'double',
        'parallel_tool_calls': True,
        'tool_choice': 'auto',
        'tools': [],
        'instructions': None,
        'metadata': {},
        'temperature': 1,
        'top_p': 1,
        'error': None,
    }
    cut = {'reason': 'max_output_tokens'} if end == 'length' else None
    final = {
        **base,
        'status': 'incomplete' if cut else 'completed',
        'incomplete_details': cut,
        'output': [item],
        'usage': usage,
    }
    if whole:
        return [('', final)]
    place = {'item_id': 'item_1', 'output_index': 0, 'content_index': 0}
    events: list[dict[str, Any]] = [
        {
            'type': 'response.created',
            'response': {**base, 'status': 'in_progress', 'incomplete_details': None, 'output': [], 'usage': None},
        },
        {
            'type': 'response.output_item.added',
            'output_index': 0,
            'item': {**item, 'status': 'in_progress', 'content': []},
        },
    ]
    if refused:
        events.append({'type': 'response.refusal.done', **place, 'refusal': 'I cannot help with that.'})
    else:
        events += [
            {'type': 'response.output_text.delta', **place, 'delta': piece, 'logprobs': []} for piece in _pieces(text)
        ]
        events.append({'type': 'response.output_text.done', **place, 'text': text, 'logprobs': []})
    events += [
        {'type': 'response.output_item.done', 'output_index': 0, 'item': item},
        {'type': 'response.incomplete' if cut else 'response.completed', 'response': final},
    ]
    return [(event['type'], {**event, 'sequence_number': i}) for i, event in enumerate(events)]

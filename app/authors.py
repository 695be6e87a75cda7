"""Which author writes, as the settings say."""

from app.settings import Settings
from services.generation.authors.base import Author
from services.knowledge.embedding import Embedder


def make_author(settings: Settings, embedder: Embedder) -> Author:
    """The installation's own."""
    if settings.llm_provider == 'offline':
        return extractive(embedder)
    key = settings.llm_api_key.get_secret_value()
    return model_author(settings, settings.llm_provider, key, settings.llm_model, settings.llm_base_url)


def extractive(embedder: Embedder) -> Author:
    """Writes from the sources alone and asks no model."""
    from services.generation.authors.offline import OfflineAuthor

    return OfflineAuthor(embed=embedder.embed)


def model_author(settings: Settings, provider: str, key: str, model: str, base_url: str) -> Author:
    """Imports only the author that is chosen: the clients of the others cost memory."""
    from services.generation.authors.model import Patience

    patience, address = Patience(idle=settings.llm_timeout), base_url or None
    if provider == 'anthropic':
        from services.generation.authors.anthropic import AnthropicAuthor

        return AnthropicAuthor(key, model, address, patience=patience)
    from services.generation.authors.openai import OpenAIAuthor

    return OpenAIAuthor(key, model, address, patience=patience)

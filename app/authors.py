"""Which author writes, as the settings say."""

from app.settings import Settings
from services.generation.authors.base import Author
from services.knowledge.embedding import Embedder


def make_author(settings: Settings, embedder: Embedder) -> Author:
    """Imports only the author that is chosen: the clients of the others cost memory."""
    if settings.llm_provider == 'offline':
        from services.generation.authors.offline import OfflineAuthor

        return OfflineAuthor(embed=embedder.embed)
    from services.generation.authors.model import Patience

    key, address = settings.llm_api_key.get_secret_value(), settings.llm_base_url or None
    patience = Patience(idle=settings.llm_timeout)
    if settings.llm_provider == 'anthropic':
        from services.generation.authors.anthropic import AnthropicAuthor

        return AnthropicAuthor(key, settings.llm_model, address, patience=patience)
    from services.generation.authors.openai import OpenAIAuthor

    return OpenAIAuthor(key, settings.llm_model, address, patience=patience)

"""Which providers are in use on this machine, as far as can be told without opening any file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

#: Provider, the variable its key is commonly kept in, and the folder its own coding agent keeps in the home; "" where
#: there is none. A test holds the variables against the provider files: reading those at every start would cost more
#: than it tells. Left out are variables that say little: HF_TOKEN fetches files, GOOGLE_API_KEY opens many doors, and
#: an AZURE_OPENAI_API_KEY is of no use without an address.
SIGNS = (
    ("anthropic", "ANTHROPIC_API_KEY", ".claude"),
    ("openai", "OPENAI_API_KEY", ".codex"),
    ("google", "GEMINI_API_KEY", ".gemini"),
    ("github-copilot", "", ".config/github-copilot"),
    ("cursor", "CURSOR_API_KEY", ".cursor"),
    ("openrouter", "OPENROUTER_API_KEY", ""),
    ("deepseek", "DEEPSEEK_API_KEY", ""),
    ("xai", "XAI_API_KEY", ".grok"),
    ("mistral", "MISTRAL_API_KEY", ""),
    ("qwen", "DASHSCOPE_API_KEY", ""),
    ("moonshot", "MOONSHOT_API_KEY", ""),
    ("zai", "ZAI_API_KEY", ""),
    ("minimax", "MINIMAX_API_KEY", ""),
    ("bedrock", "AWS_BEARER_TOKEN_BEDROCK", ""),
    ("groq", "GROQ_API_KEY", ""),
    ("cohere", "COHERE_API_KEY", ""),
    ("together", "TOGETHER_API_KEY", ""),
    ("fireworks", "FIREWORKS_API_KEY", ""),
    ("perplexity", "PERPLEXITY_API_KEY", ""),
    ("replicate", "REPLICATE_API_TOKEN", ""),
    ("cerebras", "CEREBRAS_API_KEY", ""),
    ("elevenlabs", "ELEVENLABS_API_KEY", ""),
)


def detected(environ: Mapping[str, str], home: Path) -> tuple[str, ...]:
    """Return the ids of the providers whose key is in the environment or whose agent has been run here."""
    return tuple(
        id
        for id, variable, folder in SIGNS
        if (variable and environ.get(variable)) or (folder and (home / folder).is_dir())
    )

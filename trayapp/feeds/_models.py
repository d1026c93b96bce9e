"""Which families of models a text names, so that an incident can be told from one about models nobody here uses.

Too few names here cost a superfluous notice; one too many can hide an outage. So a word counts only where it can be
nothing but a model: "Codex" and "Pro" alone are products and plans, and a text about "all models" names none.
"""

from __future__ import annotations

import re

#: Of what the text must hold one for a pattern to be tried at all (patterns take a hundred times as long), the pattern,
#: and the family it stands for; where that is empty it is what the pattern's group found. What must not come before is
#: looked for behind: a pattern that begins with letters is found ten times as fast.
_FAMILIES: tuple[tuple[tuple[str, ...], re.Pattern[str], str], ...] = (
    *(
        ((name,), re.compile(rf"{name}(?<![a-z]{name})(?![a-z])"), name)
        for name in ("opus", "sonnet", "haiku", "fable", "mythos")
    ),
    (("gpt-",), re.compile(r"(gpt-(?<!\wgpt-)\d+(?:\.\d+)?o?)(?![\w])"), ""),
    (("gpt-",), re.compile(r"(gpt-(?<!\wgpt-)(?:oss|image|realtime))(?![a-z])"), ""),
    (
        ("o1", "o2", "o3", "o4", "o5"),
        re.compile(r"(o[1-5])(?<![\w.-]o[1-5])(?:-(?:mini|pro|preview|deep-research))?(?![\w])"),
        "",
    ),
    (("codex",), re.compile(r"\bgpt-[\d.]+-codex\b|\bcodex-(?:mini|max)\b"), "codex"),
    (("dall",), re.compile(r"dall(?<!\wdall)[-·•]e(?![a-z])"), "dall-e"),
    (("whisper",), re.compile(r"whisper(?<!\wwhisper)\b"), "whisper"),
)

_TIER = r"(?:\d+(?:\.\d+)?[ -])?(?:flash[ -]lite|flash|pro|ultra|nano)\b"
#: Google's words for size are common words: they count right after "Gemini", and in a list that begins so.
_GEMINI = re.compile(rf"\bgemini[ -]{_TIER}(?:(?:, and |, | and | or | & |/)(?:gemini[ -])?{_TIER})*")
_SIZE = re.compile(r"flash[ -]lite|flash|pro|ultra|nano")

_EVERY = re.compile(
    r"\b(?:all|many|most|multiple|several|various)(?: of)?(?: the| our)?(?: claude| gpt| gemini| openai| ai)? models\b"
)
#: Characters read of one text; longer ones are post-mortems.
_LONGEST = 20_000


def models_in(text: str) -> tuple[str, ...]:
    """Return the families named, each once, in small letters: "opus", "gpt-5", "gpt-4.1", "o3", "flash-lite" …

    A GPT keeps its number, for that is its name; Claude, the o series and Gemini lose version and size suffixes.
    """
    text = " ".join(text[:_LONGEST].lower().split())
    if " models" in text and _EVERY.search(text):
        return ()
    tried = [(pattern, family) for hints, pattern, family in _FAMILIES if any(hint in text for hint in hints)]
    found = [family or match[1] for pattern, family in tried for match in pattern.finditer(text)]
    if "gemini" in text:
        found += [size.replace(" ", "-") for match in _GEMINI.finditer(text) for size in _SIZE.findall(match[0])]
    return tuple(dict.fromkeys(found))

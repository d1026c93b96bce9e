"""The vendors that the stand-in world can play: which protocols they speak, and what their status pages list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Component states in Statuspage's words; each platform's page translates them into its own.
STATES = ("operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage")


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor. `id` is the provider's id; each of its two servers is a listener of its own."""

    id: str
    name: str
    #: The status page's platform, a file in `pages/`; None: there is no page.
    platform: str | None = None
    #: The page's own id and address.
    page_id: str = ""
    page_url: str = ""
    #: Component id to name, in the page's order.
    components: Mapping[str, str] = field(default_factory=dict)
    #: The API's dialect, a file in `apis/`; None: there is no API.
    dialect: str | None = None
    #: Anyone may ask without a key.
    is_open: bool = False
    #: What the list of models shows.
    models: tuple[str, ...] = ()


#: Ids and names as status.claude.com showed them in September 2026 and status.openai.com in October 2026; of OpenAI's
#: 37 components only the groups for developers. Google's are product ids of status.cloud.google.com.
VENDORS = (
    Vendor(
        "anthropic",
        "Claude",
        "statuspage",
        "tymt9n04zgry",
        "https://status.claude.com",
        {
            "rwppv331jlwc": "claude.ai",
            "0qbwn08sd68x": "Claude Console (platform.claude.com)",
            "k8w3r06qmzrp": "Claude API (api.anthropic.com)",
            "yyzkbfz2thpt": "Claude Code",
            "bpp5gb3hpjcl": "Claude Cowork",
            "0scnb50nvy53": "Claude for Government",
        },
        "anthropic",
        models=("claude-opus-5", "claude-sonnet-5", "claude-haiku-4-5"),
    ),
    Vendor(
        "openai",
        "OpenAI",
        "incidentio",
        "01JMDK9XYNY6RXSED6SDWW50WY",
        "https://status.openai.com",
        {
            "01JMXBRMFE6N2NNT7DG6XZQ6PW": "Chat Completions",
            "01JP8CD9JR3HR6Y7G4Q75N4DVW": "Responses",
            "01M3Q6W0264T1RJS1YEM47CAQJ": "Agents",
            "01M3Q6W0262E8VW5DE1MJMMN0T": "Decisions",
            "01JMXBRMFEMZK0HPK19RYET250": "Fine-tuning",
            "01JMXBRMFEV0AJ0VVS68N9CD6R": "Embeddings",
            "01JMXBRMFE4MAP2BHSJNZ787WX": "Images",
            "01JMXBRMFE5ESNNV8JDHVCGSRD": "Batch",
            "01JMXBRMFEKVBWKK82B44QFMCE": "Audio",
            "01JMXBRMFEVZ7E0X9GD9FWR9WX": "Moderations",
            "01JMXBRMFEQW613TFE89F45035": "Realtime",
            "01JMXBRMFESJCBGJR10PDD3WCQ": "Files",
            "01JSM5RTJWHRWDTS6Q604VEW3B": "Login",
            "01JMXBNJXG1S2D9V65P1ZZTD94": "Login",
            "01JVCV8YSWZFRSM1G5CVP253SK": "Codex Web",
            "01KMP3KP5MGE23B80K1EK4S8PV": "Codex API",
            "01KMKFAMWKNQ84Z1766MV08ZDE": "CLI",
            "01KMP3KP5M8X0EBTVW6KN327EE": "VS Code extension",
        },
        "openai",
        models=("gpt-5.6-sol", "gpt-5-nano", "gpt-4.1-nano"),
    ),
    Vendor(
        "google",
        "Google Cloud",
        "googlecloud",
        "",
        "https://status.cloud.google.com",
        {"Z0FZJAMvEB4j3NbCJs6B": "Gemini on Agent Platform", "deUeOEPYanfJ9w8cpyBJ": "Gemini Code Assist"},
        "gemini",
        models=("gemini-3.5-flash-lite", "gemini-2.5-flash-lite"),
    ),
    Vendor("local", "Local models", dialect="openai", is_open=True, models=("qwen3:8b",)),
)

"""What a coding agent's file must say: from its bytes to other bytes, with only the named values changed.

Here belong one module for each agent, pure, and with a leading underscore the grammars that agents share: `_grammar`
(changes, the refusal, the one way in), `_json`, `_toml`, `_yaml`, `_dotenv`. Not here: finding, reading or writing
files (`adapters/`), and whether or when to switch (`decide/`).

One rule stands above all: what cannot be edited without touching anything else is `Uneditable`, and stays as it is.
"""

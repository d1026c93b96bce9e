"""A stand-in world on loopback for demo, replay and tests: status pages and APIs that fail as their scenario says.

Here belong what the vendors' servers would say (`pages/`, `apis/`: one file for each protocol), when they say it
(`scenarios/*.toml`), the time it happens in, and what came of it (`report.py`). Not here: anything that judges; and
nothing leaves 127.0.0.1.
"""

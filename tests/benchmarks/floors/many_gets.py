"""One httpx client that fetches thirty pages and thirty model lists, as often as told; writes ms of CPU and peak KB."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time

import httpx

KEY = {"authorization": "Bearer sk-canary"}


async def main(port: str, rounds: int) -> None:
    """Fetch, and write what each round took."""
    seen = []
    async with httpx.AsyncClient(timeout=10) as client:
        for _ in range(rounds):
            began = time.process_time()
            base = f"http://127.0.0.1:{port}"
            asked = [client.get(f"{base}/{n}/api/v2/summary.json") for n in range(30)]
            asked += [client.get(f"{base}/{n}/v1/models", headers=KEY) for n in range(30)]
            await asyncio.gather(*asked)
            seen.append((time.process_time() - began) * 1000)
    sys.stdout.write(json.dumps({"ms": seen, "kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))

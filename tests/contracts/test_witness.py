"""What every Witness promises: run on real files of an agent and on the fake."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fakes import FakeWitness
from trayapp.adapters.transcripts import Transcripts
from trayapp.model.ports import Witness
from trayapp.model.reading import PassiveReading, Symptom
from trayapp.transcripts import trails


class Contract:
    """Subclass it with a witness, and with a way for an agent to meet a failure."""

    def make(self, folder: Path) -> Witness:
        raise NotImplementedError

    def meet(self, witness: Witness, folder: Path, reading: PassiveReading) -> None:
        raise NotImplementedError

    async def test_the_first_call_begins_and_later_ones_tell_once_oldest_first(self, tmp_path: Path) -> None:
        witness, now = self.make(tmp_path), datetime.now(UTC).replace(microsecond=0)
        early, late, last = (_failure(now + timedelta(seconds=s)) for s in (30, 60, 90))
        self.meet(witness, tmp_path, early)
        assert await witness.poll() == ()
        assert await witness.poll() == ()
        self.meet(witness, tmp_path, last)
        self.meet(witness, tmp_path, late)
        assert await witness.poll() == (late, last)
        assert await witness.poll() == ()

    async def test_it_describes_itself_in_one_line_and_closes_at_once(self, tmp_path: Path) -> None:
        witness = self.make(tmp_path)
        assert witness.describe()
        assert "\n" not in witness.describe()
        witness.close()
        assert await witness.poll() == ()


def _failure(at: datetime) -> PassiveReading:
    return PassiveReading("anthropic", at, Symptom.OVERLOADED, 529, "server_error", None, "claude-code")


class TestTranscripts(Contract):
    def make(self, folder: Path) -> Witness:
        return Transcripts(trails(), folder, {})

    def meet(self, witness: Witness, folder: Path, reading: PassiveReading) -> None:
        sessions = folder / ".claude" / "projects" / "-w"
        sessions.mkdir(parents=True, exist_ok=True)
        at = reading.at.isoformat().replace("+00:00", "Z")
        record = {"type": "assistant", "isApiErrorMessage": True, "apiErrorStatus": 529, "error": reading.code}
        with (sessions / "s.jsonl").open("a") as file:
            file.write(json.dumps({**record, "timestamp": at}, separators=(",", ":")) + "\n")


class TestFakeWitness(Contract):
    def make(self, folder: Path) -> Witness:
        return FakeWitness()

    def meet(self, witness: Witness, folder: Path, reading: PassiveReading) -> None:
        assert isinstance(witness, FakeWitness)
        witness.meet(reading)

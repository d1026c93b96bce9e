"""`uptray replay` as a shell runs it: a small file in, the story or one document out, and bad files in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trayapp.cli import run
from trayapp.cli.replay import EVIDENCE
from trayapp.main import House
from trayapp.simulator.evidence import Evidence

WORLD = """title = "A bad hour"
start = 2026-01-01T10:00:00Z
end = 2026-01-01T11:30:00Z
[[incident]]
id = "one"
provider = "anthropic"
name = "Errors"
path = "edge"
from = 2026-01-01T10:10:00Z
to = 2026-01-01T10:50:00Z
status = 502
[[incident.post]]
at = 2026-01-01T10:30:00Z
status = "investigating"
impact = "major"
components = { k8w3r06qmzrp = "major_outage" }
[[incident.post]]
at = 2026-01-01T11:20:00Z
status = "resolved"
impact = "major"
components = { k8w3r06qmzrp = "operational" }
"""
ROW = {
    "provider": "anthropic",
    "title": "API unavailable",
    "components": ["API"],
    "start": "2026-01-01T10:10Z",
    "impact_end": "2026-01-01T10:50Z",
    "status_first_post": "2026-01-01T10:30Z",
    "resolved": "2026-01-01T11:20Z",
    "symptoms": "100% of requests HTTP 503",
    "impact_level": "critical",
}


def replay(path: Path, *more: str) -> int:
    return run(["replay", str(path), *more], House())


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def document(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert replay(path, "--json", *more) == 0
    made: dict[str, Any] = json.loads(capsys.readouterr().out)
    return made


def test_the_story_is_told_and_ends_with_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replay(written(tmp_path, "bad_hour.toml", WORLD)) == 0
    said = capsys.readouterr().out
    assert "10:10:00  truth       every request fails (HTTP 502)" in said
    assert said.index("Uptray      down (provider)") < said.index("status page investigating")
    assert "0 alarms without cause" in said


def test_the_document_has_the_truth_the_page_and_the_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = document(written(tmp_path, "bad_hour.toml", WORLD), capsys)
    (incident,) = made["incidents"]
    assert (made["schema"], made["evidence"], made["false_alarms"], made["left_out"]) == (1, "default", [], [])
    assert (incident["start"], incident["page_at"]) == ("2026-01-01T10:10:00Z", "2026-01-01T10:30:00Z")
    assert 0 < incident["onset_s"] < 300 and incident["lead_s"] == 1200 - incident["onset_s"]
    assert incident["exercised"] and incident["recovery_lead_s"] > 600
    assert made["toasts"]


def test_the_page_alone_leads_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = document(written(tmp_path, "bad_hour.toml", WORLD), capsys, "--evidence", "page")
    (incident,) = made["incidents"]
    assert not incident["exercised"] and -200 < incident["lead_s"] < 0


def test_recorded_incidents_are_replayed_and_what_is_not_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [ROW, {**ROW, "provider": "acme"}, {**ROW, "start": None}]
    made = document(written(tmp_path, "rows.json", json.dumps({"incidents": rows})), capsys)
    assert [(each["path"], each["share"]) for each in made["incidents"]] == [("edge", 1.0)]
    assert made["left_out"] == [
        "acme: API unavailable: the simulator does not play this provider",
        "anthropic: API unavailable: its true start and end are not known",
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.toml", "title = 1", "x.toml, line 1: start: a date and time"),
        ("x.toml", "title = ", "x.toml"),
        ("x.toml", WORLD.replace("502", "99"), "x.toml, line 11"),
        ("x.toml", WORLD + '[[mine]]\nkind = "flood"\n', "mine"),
        ("x.json", "{", "x.json, line 1: JSON was expected"),
        ("x.json", "[]", "x.json: incidents: a list"),
        ("x.json", '{"incidents": [1]}', "x.json: incidents[0]: a table was expected"),
        ("x.json", '{"incidents": [{"title": "t"}]}', "x.json: incidents[0]: provider: one line of text was"),
        ("x.json", json.dumps({"incidents": [{**ROW, "start": "noon"}]}), "x.json: incidents[0]: start: a time"),
        (
            "x.json",
            json.dumps({"incidents": [{**ROW, "title": "\u001b[31m"}]}),
            "incidents[0]: title: one line of text",
        ),
        ("x.json", json.dumps({"incidents": [{**ROW, "start": "1066-10-14"}]}), "start: a year from 2000 to 2100"),
        ("x.toml", WORLD.replace("2026-01-01T11:30:00Z", "2030-01-01T11:30:00Z"), "at most 400 days"),
        ("x.json", json.dumps({"incidents": [{**ROW, "share": 2}]}), "x.json: incidents[0]: share"),
        ("x.json", json.dumps({"incidents": [{**ROW, "path": "moon"}]}), "x.json: incidents[0]: path: one of"),
        ("x.json", json.dumps({"incidents": [{**ROW, "manner": "moon"}]}), "x.json: incidents[0]: manner: one of"),
        ("x.json", json.dumps({"incidents": [{**ROW, "status": 7}]}), "x.json: incidents[0]: status"),
    ],
)
def test_a_bad_file_is_refused_in_one_line_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, said: str
) -> None:
    assert replay(written(tmp_path, name, content)) == 64
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.count("\n") == 1 and said in shown.err


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replay(tmp_path / "nothing.toml") == 64
    assert "nothing.toml: the file could not be read: No such file" in capsys.readouterr().err


def test_bytes_that_are_no_text_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    assert replay(tmp_path / "x.toml") == 64
    assert "x.toml: UTF-8 text was expected" in capsys.readouterr().err


def test_the_command_knows_every_set_of_evidence() -> None:
    assert tuple(Evidence) == EVIDENCE

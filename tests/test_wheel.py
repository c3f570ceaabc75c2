"""The wheel itself, built and used in an environment that does not see this checkout."""

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.heavy
def test_the_wheel_holds_all_it_needs_and_works_elsewhere(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        check=True, cwd=ROOT, capture_output=True,
    )  # fmt: skip
    [wheel] = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "listening/store/migrations/001_the_line.sql",
        "listening/store/queries/chain.sql",
        "prompts/good_life.md",
        "dashboards/templates/leadership/theme.html",
        "dashboards/static/style.css",
        "listening/exports/report.html",
    ):
        assert needed in names
    assert not [name for name in names if name.startswith(("data/", "tests/"))]

    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "clean")], check=True)
    python = tmp_path / "clean" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    # The libraries come from here, but not this checkout: a folder on PYTHONPATH does not run its .pth files.
    environment = {"PYTHONPATH": f"{site}{';' if sys.platform == 'win32' else ':'}{sysconfig.get_path('purelib')}"}
    environment["LISTENING_DATA"] = str(tmp_path / "data")

    def listening(*arguments, text=None):
        result = subprocess.run(
            [str(python), "-m", "listening", *arguments, "--json"],
            check=True, capture_output=True, text=True, input=text, env=environment, cwd=tmp_path,
        )  # fmt: skip
        return json.loads(result.stdout)

    assert listening("ingest", "-", text="A bench by the bus stop, please.")["utterances"] == 1
    assert listening("ledger")["adds_up"] is True
    assert [guide["name"] for guide in listening("guides")] == ["chain_slip", "food_chain", "good_life", "paper"]
    where = subprocess.run(
        [str(python), "-c", "import listening, flows, dashboards; print(listening.__file__)"],
        check=True, capture_output=True, text=True, env=environment, cwd=tmp_path,
    ).stdout  # fmt: skip
    assert Path(where.strip()).is_relative_to(site)

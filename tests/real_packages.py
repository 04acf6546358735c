"""Fetches the published packages that `test_real_code.py` reads: `python tests/real_packages.py`.

They are wheels, unpacked one folder each, without their metadata: beside it they would count as vendored.
"""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

FOLDER = Path(__file__).parent.parent / ".real-packages"

PINNED = {
    "attr": "attrs==26.1.0",
    "aws_lambda_powertools": "aws-lambda-powertools==3.37.0",
    "c7n": "c7n==0.9.53",
    "chalice": "chalice==1.34.0",
    "django": "django==5.2.19",
    "flask": "flask==3.0.3",
    "httpx": "httpx==0.28.1",
    "moto": "moto==5.2.5",
    "requests": "requests==2.32.3",
    "sqlalchemy": "sqlalchemy==2.0.35",
    "zappa": "zappa==0.63.0",
}


def fetch(package: str, requirement: str) -> None:
    """Unpack one package, unless it is there in this version."""
    target = FOLDER / package
    stamp = target / ".requirement"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == requirement:
        return
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as download:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*command, "--dest", download, requirement], check=True)
        (wheel,) = Path(download).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            members = [name for name in archive.namelist() if name.startswith(f"{package}/")]
            archive.extractall(target, members)
    stamp.write_text(requirement, encoding="utf-8")


if __name__ == "__main__":
    for package, requirement in PINNED.items():
        fetch(package, requirement)
        # Each is a project of its own, not a part of this one.
        (FOLDER / package / "gwlint.toml").touch()

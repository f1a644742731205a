"""Installs Docket from its kit on a machine without a network. Needs Python and nothing else.

It owns the order: compare every file, then build an environment from the wheels, then copy the program, then models.
It must import nothing outside the standard library, and it writes nowhere but into the folder it is given and
Docket's own folder for models.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import stat
import subprocess
import sys
from pathlib import Path

KIT = Path(__file__).resolve().parent
SUMS = KIT / "SHA256SUMS"


class RefusedError(Exception):
    """Something that the person has to put right; its text says what."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Install Docket from this kit. No network is used.")
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="a new or empty folder")
    parser.add_argument("--no-models", action="store_true", help="leave the models of the kit where they are")
    parser.add_argument("--desktop-entry", action="store_true", help="add Docket to the menu of this desktop (Linux)")
    arguments = parser.parse_args()
    try:
        install(arguments.to.expanduser().resolve(), models=not arguments.no_models, entry=arguments.desktop_entry)
    except RefusedError as refusal:
        print(f"Not installed: {refusal}", file=sys.stderr)
        return 1
    return 0


def install(target: Path, *, models: bool, entry: bool) -> None:
    check_machine()
    check_sums()
    if target.exists() and any(target.iterdir()):
        raise RefusedError(f"{target} is not empty. Name a new folder with --to.")
    target.mkdir(parents=True, exist_ok=True)
    try:
        python = make_environment(target / "venv")
        shutil.copytree(KIT / "app", target / "app")
        launcher = write_launcher(target, python)
        if models:
            add_models(launcher)
        if entry:
            write_desktop_entry(target, launcher)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    print(f"Docket is installed. Start it with: {launcher}")


def check_machine() -> None:
    about = json.loads((KIT / "kit.json").read_text(encoding="utf-8"))
    here = {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "system": platform.system(),
        "machine": platform.machine(),
    }
    for name, wanted in about.items():
        if here[name] != wanted:
            raise RefusedError(f"this kit is for {name} {wanted}, and this is {here[name]}.")


def check_sums() -> None:
    """Compare every file of the kit with its sum, and refuse a file that no sum vouches for."""
    print("Comparing the kit with SHA256SUMS ...", flush=True)
    stated = {}
    for line in SUMS.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        stated[name] = digest
    there = {path.relative_to(KIT).as_posix() for path in KIT.rglob("*") if path.is_file()} - {SUMS.name}
    there = {name for name in there if "__pycache__" not in name}
    for name in sorted(there ^ set(stated)):
        raise RefusedError(f"{name} is {'missing' if name in stated else 'not part of this kit'}.")
    for name, digest in stated.items():
        found = hashlib.sha256()
        with (KIT / name).open("rb") as file:
            while chunk := file.read(4 * 1024 * 1024):
                found.update(chunk)
        if found.hexdigest() != digest:
            raise RefusedError(f"{name} is damaged: its SHA-256 is another. Copy the kit again.")


def make_environment(folder: Path) -> Path:
    print("Building the environment ...", flush=True)
    run([sys.executable, "-m", "venv", str(folder)], "Python's venv module is missing (Debian: python3-venv).")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wheels = [str(path) for path in sorted((KIT / "wheels").glob("*.whl"))]
    run(
        [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
            "--disable-pip-version-check",
            *wheels,
        ],
        "A wheel of the kit cannot be installed here.",
    )
    return python


def run(command: list[str], problem: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise RefusedError(f"{problem}\n{done.stderr.strip() or done.stdout.strip()}")


def write_launcher(target: Path, python: Path) -> Path:
    if os.name == "nt":
        launcher = target / "docket.cmd"
        launcher.write_text(f'@"{python}" "%~dp0app\\main.py" %*\r\n', encoding="utf-8")
        return launcher
    launcher = target / "docket"
    launcher.write_text(
        '#!/bin/sh\nhere="$(dirname "$(readlink -f "$0")")"\nexec "$here/venv/bin/python" "$here/app/main.py" "$@"\n',
        encoding="utf-8",
    )
    launcher.chmod(launcher.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return launcher


def add_models(launcher: Path) -> None:
    folder = KIT / "models"
    firsts = [path for path in sorted(folder.glob("*.gguf")) if "-of-" not in path.name or "-00001-of-" in path.name]
    for path in firsts:
        print(f"Adding {path.name} ...", flush=True)
        run([str(launcher), "model", "add", str(path)], f"{path.name} could not be added.")


def write_desktop_entry(target: Path, launcher: Path) -> None:
    if sys.platform != "linux":
        raise RefusedError("--desktop-entry is for Linux.")
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    (data / "applications").mkdir(parents=True, exist_ok=True)
    template = (target / "app/resources/kit/docket.desktop").read_text(encoding="utf-8")
    text = template.replace("@PROGRAM@", str(launcher)).replace(
        "@ICON@", str(target / "app/resources/icons/docket.svg")
    )
    (data / "applications" / "docket.desktop").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())

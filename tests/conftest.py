"""Fixtures shared by all tests: where the real test data lies, and an environment no test can leak out of."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

from core import display
from core.errors import AppError
from tests.fixtures.memory import use_memory
from tests.fixtures.server import team_server as team_server

# A busy machine is slow, not wrong: no example is failed for the seconds it took.
settings.register_profile("docket", deadline=None)
settings.load_profile("docket")

use_memory()
# Before anything imports Qt, and for the processes tests start, too.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# No test may reach the keychain of the person who runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


# Started in the background by a shell, a program ignores Ctrl+C, and so would every process a test interrupts.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Name the system package Qt lacks in one line, before pytest-qt fails on it with a traceback."""
    try:
        display.check_libraries()
        import PySide6.QtWidgets  # noqa: F401
    except AppError as error:
        raise pytest.UsageError(str(error)) from None
    except ImportError as error:
        raise pytest.UsageError(str(display.import_error(error) or error)) from None


@pytest.fixture(scope="session")
def docket_data() -> Path:
    """The folder of real test data, or a skip that says how to get it."""
    folder = os.environ.get("DOCKET_DATA")
    if not folder:
        pytest.skip("DOCKET_DATA is not set: tests on real data did not run")
    path = Path(folder).resolve()
    if not path.is_dir():
        pytest.fail(f"DOCKET_DATA names {path}, which is not a folder")
    return path


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings, last workspace and caches of every test in a folder of its own."""
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path_factory.mktemp("home")))
    for name in ("DOCKET_PASSPHRASE", "DOCKET_WORKSPACE", "DOCKET_MODEL"):
        monkeypatch.delenv(name, raising=False)

"""The two commands. What they run is tested elsewhere; here, what they say and choose before they run it."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.database.embedded import PROJECT

# What a make that called us, or its user, has set must not decide what these do.
CALLERS = frozenset({"MAKEFLAGS", "MAKELEVEL", "PORT", "PYTHON", "PYENV_ROOT"})
SHOW_PYTHON = """show: ; @sh -c 'eval "$$FIND_PYTHON"; echo "$$python"'"""

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="there is no make here")


def make(*arguments: str, folder: Path = PROJECT, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in CALLERS}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with the Makefile and nothing installed."""
    for name in ("Makefile", ".python-version"):
        shutil.copy(PROJECT / name, tmp_path)
    return tmp_path


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_help_lists_both_commands() -> None:
    done = make("help")
    assert "make run " in done.stdout
    assert "make test " in done.stdout


def test_a_port_in_use_is_named_with_its_mend_before_anything_else_happens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = used.getsockname()[1]
        done = make("run", f"PORT={port}")
    assert done.returncode != 0
    assert f"Port {port} on 127.0.0.1 cannot be used" in done.stderr
    assert "make run PORT=8111" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("port", ["", "eighty", "80 80", "-1", "65536", "$(id)"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    done = make("port", f"PORT={port}")
    assert done.returncode != 0
    assert "ort" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_python_under_pyenv_is_found_where_the_first_one_is_too_old_and_a_shim_refuses(elsewhere: Path) -> None:
    script(elsewhere / "bin" / "python3", "exit 1")
    script(elsewhere / "bin" / "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    newer = elsewhere / "pyenv" / "versions" / "3.13.7" / "bin" / "python"
    script(newer, f'exec {sys.executable} "$@"')
    path = f"{elsewhere / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = make("--eval", SHOW_PYTHON, "show", folder=elsewhere, PATH=path, PYENV_ROOT=str(elsewhere / "pyenv"))
    assert (done.stdout.strip(), done.stderr) == (str(newer), "")


def test_the_python_that_is_named_is_taken(elsewhere: Path) -> None:
    named = elsewhere / "some python"
    script(named, f'exec {sys.executable} "$@"')
    done = make("--eval", SHOW_PYTHON, "show", f"PYTHON={named}", folder=elsewhere)
    assert done.stdout.strip() == str(named)


def test_data_are_deleted_only_where_that_is_confirmed() -> None:
    done = make("fresh")
    assert done.returncode != 0
    assert "CONFIRM=1" in done.stderr


def test_a_missing_browser_fails_loudly_where_none_can_be_installed(elsewhere: Path) -> None:
    for tool in ("sh", "make"):
        (elsewhere / "bin").mkdir(exist_ok=True)
        (elsewhere / "bin" / tool).symlink_to(shutil.which(tool) or "")
    script(elsewhere / "bin" / "id", "echo 1000")
    done = make("chromium", folder=elsewhere, PATH=str(elsewhere / "bin"), CHROMIUM="")
    assert done.returncode != 0
    assert "NOT TESTED" in done.stderr

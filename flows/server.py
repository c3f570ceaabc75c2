"""A Prefect server of our own, on this machine only, for as long as this process lasts and no longer.

Prefect would start one by itself. This one is there sooner, can keep schedules, wants a password that changes each
time (Prefect's answers every web page that is open on this machine), and ends with us even if we are killed.
"""

from __future__ import annotations

import atexit
import importlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time

from flows import quiet
from listening.errors import ListeningError
from listening.settings import Settings

PATIENCE_SECONDS = 120.0
LEAVE_SECONDS = 10.0
POLL_SECONDS = 0.05
HERE = "127.0.0.1"


def start(settings: Settings, *, schedules: bool = False) -> None:
    """Have a Prefect server for the flows called from here on, unless PREFECT_API_URL names one already.

    :param schedules: whether it also starts what is scheduled.
    :raises ListeningError: if it does not start.
    """
    quiet.settle(settings)
    if os.environ.get("PREFECT_API_URL"):
        return
    port = _free_port()
    password = f"listening:{secrets.token_urlsafe()}"
    child = _spawn(port, password, schedules=schedules)
    atexit.register(_end, child)  # before Prefect is imported, so that it is done after Prefect's last messages
    os.environ |= {"PREFECT_API_URL": f"http://{HERE}:{port}/api", "PREFECT_API_AUTH_STRING": password}
    context = importlib.import_module("prefect.context")  # takes seconds, while the server starts
    context.refresh_global_settings_context()
    _wait_for(child, port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port


def _spawn(port: int, password: str, *, schedules: bool) -> subprocess.Popen[bytes]:
    kind = "with-schedules" if schedules else "for-now"
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "flows.server", str(port), kind],
        env={**os.environ, "PREFECT_SERVER_API_AUTH_STRING": password},
        stdin=subprocess.PIPE,  # closes when we end, however that happens
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for us: the server must still be there to be told of it
    )


def _wait_for(child: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        try:
            socket.create_connection((HERE, port), timeout=POLL_SECONDS).close()
        except OSError:
            time.sleep(POLL_SECONDS)
        else:
            return
    raise ListeningError(
        "Prefect's server did not start. Set PREFECT_LOGGING_LEVEL and PREFECT_SERVER_LOGGING_LEVEL to INFO and try "
        "again to see why, or use the `listening` commands, which need no Prefect."
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.stdin:
        child.stdin.close()
    try:
        child.wait(LEAVE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


# --- in the child -----------------------------------------------------------------------------------------------------


def main(port: int, kind: str) -> None:
    """Be the server until the standard input closes."""
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    import uvicorn
    from prefect.server.api.server import create_app

    app = create_app(ephemeral=kind == "for-now", final=True)
    uvicorn.run(app, host=HERE, port=port, log_level="critical", lifespan="on")


def _leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LEAVE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])

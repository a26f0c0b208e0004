"""Limits of the processes that parse, read and draw files, their environment and what their exit status means."""

from __future__ import annotations

import os
import signal
from pathlib import Path

# Time and memory grow with the file: an honest large file needs them, a small hostile one does not get them.
SECONDS, SECONDS_PER_MB = 20, 1.5
MEMORY_BYTES, MEMORY_PER_FILE_BYTE = 1_000_000_000, 12
_MAX_MEMORY_BYTES = 4_000_000_000
_MAX_WRITTEN_BYTES = 4_000_000_000  # per file that the process writes
REFUSED = 3  # exit status of a parser process that refused the file itself
OUT_OF_MEMORY = 4  # exit status of a process that reached its memory limit
_STOPPED = {-int(getattr(signal, name, 99)) for name in ("SIGXCPU", "SIGKILL", "SIGABRT", "SIGSEGV")} | {OUT_OF_MEMORY}
PROJECT = Path(__file__).resolve().parent.parent


def limits_for(size: int) -> tuple[int, int]:
    """Limits for parsing a file of ``size`` bytes: seconds of processor time, and bytes of memory."""
    seconds = SECONDS + int(SECONDS_PER_MB * size / 1_000_000)
    return seconds, min(MEMORY_BYTES + MEMORY_PER_FILE_BYTE * size, _MAX_MEMORY_BYTES)


def limit_this_process(memory: int, seconds: int | None) -> None:
    """Limit address space (bytes), processor time (seconds) and file size, where the system can: not on Windows.

    A process that takes one file after another limits its time for each (``limit_processor_time``).
    """
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if seconds is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MAX_WRITTEN_BYTES, _MAX_WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_processor_time(seconds: int) -> None:
    """Give this process so many seconds of processor time from now on, where the system can."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, most))


def was_stopped(status: int) -> bool:
    """Whether a process with this exit status ended because it reached a limit."""
    return status in _STOPPED


def child_environment() -> dict[str, str]:
    """Environment of a process that must find the packages of this program, wherever it is started."""
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])}

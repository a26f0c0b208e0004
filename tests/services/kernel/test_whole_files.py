"""A file that was read once is not read again until its stamp changes, and a change is seen however it is made."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from matchhub.services.kernel import whole_files
from matchhub.services.kernel.whole_files import is_whole

DIGEST = sha256(b"paper").hexdigest()


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "paper"
    file.write_bytes(b"paper")
    return file


def test_a_change_right_after_a_look_is_seen_though_the_clock_may_not_have_moved(paper: Path) -> None:
    assert is_whole(paper, DIGEST) and not is_whole(paper, "0" * 64)
    paper.write_bytes(b"pApEr")
    assert not is_whole(paper, DIGEST)
    paper.unlink()
    assert not is_whole(paper, DIGEST)


def test_what_was_read_is_known_until_its_stamp_changes(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_files, "_SETTLED", -1)
    times = paper.stat()
    assert is_whole(paper, DIGEST)
    with monkeypatch.context() as once:
        once.setattr(Path, "read_bytes", lambda _: b"unread")
        assert is_whole(paper, DIGEST), "read again"
    paper.write_bytes(b"pApEr")
    os.utime(paper, ns=(times.st_atime_ns, times.st_mtime_ns))  # as if it had never been written
    assert not is_whole(paper, DIGEST)

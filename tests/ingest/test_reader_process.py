"""Rows from a reader process are the rows themselves: the same records, problems, remarks and refusals, and no process
is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from ingest import reader_process
from ingest.reader_process import ReaderFailed, rows_from_reader_process
from ingest.reading import ReadFile, read_rows
from ingest.tables import RawRow
from matchhub.errors import FileRefused
from matchhub.process_limits import PROJECT
from tests.ingest.tables_on_disk import PATENT_HEADER, PATENT_ROW, write_csv, write_xlsx

OTHER_ROW = ["一种伞骨", "CN201710601862.4", "晋江某某伞业有限公司", "2017-13-45", "A45B25/02", "一种伞骨。"]


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every file is large here; the processes started."""
    found: list[subprocess.Popen[bytes]] = []
    start = reader_process._start

    def noted(*arguments: object) -> subprocess.Popen[bytes]:
        found.append(start(*arguments))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(reader_process, "MIN_ROWS", 1)
    monkeypatch.setattr(reader_process, "_usable_cores", lambda: 2)
    monkeypatch.setattr(reader_process, "_start", noted)
    return found


def many(tmp_path: Path, rows: int) -> Path:
    return write_csv(tmp_path / "甲20240131.csv", [PATENT_HEADER, *[PATENT_ROW] * rows])


def same(path: Path, **more: object) -> ReadFile:
    plain, apart = read_rows(path, **more), read_rows(path, **more)  # type: ignore[arg-type]
    assert list(rows_from_reader_process(apart)) == list(plain.rows)
    assert apart.remarks == plain.remarks
    return apart


class TestTheSame:
    def test_records_problems_and_days(self, tmp_path: Path) -> None:
        same(write_csv(tmp_path / "甲20240131.csv", [PATENT_HEADER, PATENT_ROW, OTHER_ROW, PATENT_ROW[:3]]))

    def test_more_rows_than_a_batch_takes(self, tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
        read = read_rows(many(tmp_path, 2_345))
        assert [row.source.line for row in rows_from_reader_process(read)] == list(range(2, 2_347))
        assert len(started) == 1

    def test_sheets_numeric_cells_and_rows_left_out(self, tmp_path: Path) -> None:
        firms: list[list[object]] = [
            ["企业名称", "统一社会信用代码", "注册资金(万元)", "类别"],
            ["晋江某某鞋业有限公司", "", 500, "高新技术企业"],
        ]
        total: list[object] = ["合计", None, 500, None]
        path = write_xlsx(tmp_path / "甲.xlsx", 一=[*firms, total], 二=[*firms], 三=[["说明"], ["无表"]])
        assert {remark.code for remark in same(path).remarks} == {"row_left_out_total", "table_left_out"}

    def test_members_of_a_zip_file(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
            archive.write(many(tmp_path, 3), "一.csv")
            archive.write(write_xlsx(tmp_path / "b.xlsx", 表=[PATENT_HEADER, PATENT_ROW]), "二.xlsx")
        read = read_rows(tmp_path / "all.zip", "patents")
        rows = rows_from_reader_process(read)
        first = next(rows)
        del read  # who walks the rows holds the unpacked files
        assert [first.source.file, *(row.source.file for row in rows)] == ["all.zip/一.csv"] * 3 + ["all.zip/二.xlsx"]

    def test_demands_and_deals(self, tmp_path: Path) -> None:
        demand = [["需求名称", "所属单位", "拟解决的技术难题", "预算金额"], ["防滑", "某厂", "鞋底打滑", "5万元"]]
        deal = [["合同编号", "专利号", "转让方", "受让方", "成交金额"], ["1", "CN201710601862.3", "甲", "乙", "8万元"]]
        same(write_csv(tmp_path / "需求.csv", demand), kind="demands")
        same(write_csv(tmp_path / "交易.csv", deal), kind="deals")


class TestWhenItPays:
    def test_a_small_file_starts_nothing(
        self, tmp_path: Path, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reader_process, "MIN_ROWS", 4)
        for rows, processes in ((3, 0), (4, 1)):
            assert len(list(rows_from_reader_process(read_rows(many(tmp_path, rows))))) == rows
            assert len(started) == processes

    def test_one_core_starts_nothing(
        self, tmp_path: Path, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reader_process, "_usable_cores", lambda: 1)
        assert len(list(rows_from_reader_process(read_rows(many(tmp_path, 3))))) == 3
        assert started == []


def refusing(file: str) -> Iterator[RawRow]:
    yield RawRow(1, tuple(PATENT_HEADER))
    yield RawRow(2, tuple(PATENT_ROW))
    raise FileRefused("csv_quote_open", file=file, line=3)


def endless() -> Iterator[RawRow]:
    yield RawRow(1, tuple(PATENT_HEADER))
    while True:
        yield RawRow(2, tuple(PATENT_ROW))


def greedy() -> Iterator[RawRow]:
    yield RawRow(1, tuple(PATENT_HEADER))
    yield RawRow(2, ("x" * 3_000_000_000, *PATENT_ROW[1:]))


def with_rows(tmp_path: Path, rows: Callable[[], Iterator[RawRow]]) -> ReadFile:
    read = read_rows(many(tmp_path, 2))
    read.tables = tuple(replace(each, table=replace(each.table, rows=rows)) for each in read.tables)
    return read


class TestFailures:
    def test_a_refusal_arrives_as_it_is(self, tmp_path: Path) -> None:
        with pytest.raises(FileRefused) as refusal:
            list(rows_from_reader_process(with_rows(tmp_path, partial(refusing, "甲.csv"))))
        assert (refusal.value.code, refusal.value.data["line"]) == ("csv_quote_open", 3)

    def test_a_fault_of_the_reader_is_reported_with_its_words(self, tmp_path: Path) -> None:
        path = many(tmp_path, 3)
        read = read_rows(path)
        path.unlink()
        with pytest.raises(ReaderFailed, match="FileNotFoundError"):
            list(rows_from_reader_process(read))

    def test_a_table_that_takes_too_much_memory_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(FileRefused) as refusal:
            list(rows_from_reader_process(with_rows(tmp_path, greedy)))
        assert refusal.value.code == "file_too_costly"

    def test_a_killed_reader_is_a_refusal(self, tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
        rows = rows_from_reader_process(with_rows(tmp_path, endless))
        next(rows)
        started[0].kill()
        with pytest.raises(FileRefused) as refusal:
            for _ in rows:
                pass
        assert refusal.value.code == "file_too_costly"


class TestNobodyIsLeftBehind:
    def test_who_stops_listening_ends_the_reader(self, tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
        rows = rows_from_reader_process(with_rows(tmp_path, endless))
        next(rows)
        assert started[0].poll() is None
        rows.close()  # type: ignore[attr-defined]
        assert started[0].poll() is not None

    @pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no signals here")
    def test_a_reader_does_not_outlive_its_killed_listener(self, tmp_path: Path) -> None:
        program = (
            "import sys; from pathlib import Path; from ingest import reader_process\n"
            "from tests.ingest.test_reader_process import endless, with_rows\n"
            "reader_process.MIN_ROWS, reader_process._usable_cores = 1, lambda: 2\n"
            "start = reader_process._start\n"
            "def noted(*a):\n    p = start(*a); print(p.pid, flush=True); return p\n"
            "reader_process._start = noted\n"
            "for _ in reader_process.rows_from_reader_process(with_rows(Path(sys.argv[1]), endless)): pass\n"
        )
        environment = os.environ | {"PYTHONPATH": str(PROJECT)}
        with subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, env=environment
        ) as listener:
            assert listener.stdout is not None
            reader = int(listener.stdout.readline())
            listener.send_signal(signal.SIGKILL)
        assert wait_gone(reader)


def wait_gone(process: int) -> bool:
    for _ in range(600):
        try:
            state = Path(f"/proc/{process}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":  # dead, and whoever inherited it has not looked yet
            return True
        time.sleep(0.05)
    return False

"""A saved page that lists 申请号：… below one another is read, each record once."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from ingest.reading import read_rows
from matchhub.domain.records import Kind
from matchhub.errors import FileRefused

ONE, OTHER = "201710601862.3", "201710601863.8"

LINES = f"""<h1>检索结果</h1><script>var a = "申请号：1"</script>
<div><h3>1. 一种鞋底 [发明专利]</h3><p>申请号：CN{ONE}</p><p>申请日：2017.07.21 &nbsp; 公开（公告）日：2018.01.02</p>
<p>申请（专利权）人：甲公司；</p><p>摘要：一种鞋底，包括：中底：</p></div>
<div><h3>2. 伞</h3><p>申请号：CN{OTHER}</p><p>申请日：2017.07.22</p><p>申请（专利权）人：乙公司</p></div>"""
SPANS = f"""<ul><li><span>名称：</span><a>一种鞋底</a> <span>申请号：</span><b>{ONE}</b> <span>申请人：</span>甲公司
</li><li><span>名称：</span><a>伞</a> <span>申请号：</span><b>{OTHER}</b> <span>申请人：</span>乙公司</li></ul>"""
TERMS = f"""<dl><dt>专利名称</dt><dd>一种鞋底</dd><dt>申请号</dt><dd>{ONE}</dd><dt>申请人</dt><dd>甲公司</dd></dl>
<dl><dt>专利名称</dt><dd>伞</dd><dt>申请号</dt><dd>{OTHER}</dd><dt>申请人</dt><dd>乙公司</dd></dl>"""
FORMS = f"""<table><tr><th>专利名称</th><td>一种鞋底</td><th>申请号</th><td>{ONE}</td></tr><tr><th>申请人</th><td>甲公司</td></tr></table>
<table><tr><th>专利名称</th><td>伞</td><th>申请号</th><td>{OTHER}</td></tr><tr><th>申请人</th><td>乙公司</td></tr></table>"""
BROKEN = f"名称：一种鞋底<br>申请号：{ONE}<br>申请人：甲公司<hr>名称：伞<br>申请号：{OTHER}<br>申请人：乙公司"


def page(body: str) -> str:
    return f"<html><head><meta charset='utf-8'><title>名称：无</title></head><body>{body}</body></html>"


def saved_whole(body: str) -> bytes:
    """As a browser saves a page with all its parts."""
    head = "From: <Saved by Blink>\nSnapshot-Content-Location: https://x.example/\nSubject: x\nMIME-Version: 1.0\n"
    content = base64.encodebytes(page(body).encode()).decode()
    kind = 'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="--b"\n\n\n----b\n'
    part = f"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n{content}\n----b--\n"
    return (head + kind + part).replace("\n", "\r\n").encode()


def records(path: Path, kind: Kind = "patents") -> list[Any]:
    return [row.record for row in read_rows(path, kind).rows]


@pytest.mark.parametrize("body", [LINES, SPANS, TERMS, FORMS, BROKEN])
@pytest.mark.parametrize("whole", [False, True])
def test_labels_with_values_are_records(tmp_path: Path, body: str, whole: bool) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(saved_whole(body) if whole else page(body).encode())
    found = [(each.application_number, each.title, each.applicants) for each in records(path)]
    assert found == [(ONE, "一种鞋底", ("甲公司",)), (OTHER, "伞", ("乙公司",))]


def test_a_heading_names_the_firm_below_it(tmp_path: Path) -> None:
    body = "<h2>搜索结果</h2><h3>1、甲公司</h3><p>法定代表人：王某 注册资本：100万元</p><h3>乙公司</h3><p>登记状态：注销</p>"
    path = tmp_path / "a.html"
    path.write_text(page(body + "<p>法定代表人：李某</p>"), "utf-8")
    found = records(path, "enterprises")
    assert [(each.name, each.existence and each.existence.state) for each in found] == [
        ("甲公司", None),
        ("乙公司", "struck_off"),
    ]


def test_a_record_ends_where_another_number_begins_though_its_first_label_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(page(f"名称：甲<br>申请号：{ONE}<br>申请人：甲公司<br>申请号：{OTHER}<br>申请人：乙公司"), "utf-8")
    assert [(each.application_number, each.title) for each in records(path)] == [(ONE, "甲"), (OTHER, None)]


def test_a_page_with_an_ordinary_table_is_that_table(tmp_path: Path) -> None:
    table = f"<table><tr><th>名称</th><th>申请号</th></tr><tr><td>伞</td><td>{OTHER}</td></tr></table>"
    path = tmp_path / "a.html"
    path.write_text(page(table + f"<p>名称：鞋底</p><p>申请号：{ONE}</p>"), "utf-8")
    assert [each.application_number for each in records(path)] == [OTHER]


def test_a_page_with_one_label_is_no_list(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(page("<p>联系电话：0595-85000000</p>"), "utf-8")
    with pytest.raises(FileRefused, match="file_no_header"):
        read_rows(path, "patents")

"""The evaluation report: whole, dated, the same again, and nothing in it that could load, run or betray."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from core import services
from core.errors import ExportError, UsageError
from core.exchange.report_pdf import latin
from core.services.workspace import Workspace
from tests.core.services.test_second_opinion import fill
from tests.fixtures.workspaces import audit_kinds, new_workspace

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with new_workspace(tmp_path_factory.mktemp("report") / "desk") as made:
        fill(made, 120, 40)
        services.train_second_opinion(made, policy_id="sales")
        services.draw_audit(made, policy_id="sales", size=30, seed=1)
        yield made


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


def test_two_files_with_their_hashes_and_an_event(workspace: Workspace, tmp_path: Path) -> None:
    files = services.write_evaluation(workspace, policy_id="sales", out=tmp_path / "new", dated=DAY)
    assert [path.name for path in sorted((tmp_path / "new").iterdir())] == [
        "sales-2026-11-24.html",
        "sales-2026-11-24.pdf",
    ]
    for path, digest in ((files.html, files.html_sha256), (files.pdf, files.pdf_sha256)):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    assert files.pdf.read_bytes().startswith(b"%PDF-")
    assert audit_kinds(workspace)[-1] == "report.written"


def test_the_same_workspace_gives_the_same_bytes(workspace: Workspace, tmp_path: Path) -> None:
    first = services.write_evaluation(workspace, policy_id="sales", out=tmp_path / "a", dated=DAY)
    second = services.write_evaluation(workspace, policy_id="sales", out=tmp_path / "b", dated=DAY)
    assert (first.html_sha256, first.pdf_sha256) == (second.html_sha256, second.pdf_sha256)


def test_it_says_what_was_evaluated(workspace: Workspace, tmp_path: Path) -> None:
    text = services.write_evaluation(workspace, policy_id="sales", out=tmp_path, dated=DAY).html.read_text("utf-8")
    policy = services.get_policy(workspace, policy_id="sales")
    measured = services.policy_measures(workspace, policy_id="sales", by=()).whole
    for wanted in (
        policy.hash,
        "ab" * 32,
        "2026-11-24",
        measured.f1.words(3),
        "Learning curve",
        "Recall from the audit",
        "Agreement with the model: assisted decisions ",  # figures may read "too few (n 0)"
    ):
        assert wanted in text, wanted


def test_no_reviewer_and_no_content_is_in_it(workspace: Workspace, tmp_path: Path) -> None:
    text = services.write_evaluation(workspace, policy_id="sales", out=tmp_path, dated=DAY).html.read_text("utf-8")
    assert "kim" not in text
    assert "discount" not in text
    assert "m-1" not in text


def test_the_page_loads_and_runs_nothing(workspace: Workspace, tmp_path: Path) -> None:
    html = services.write_evaluation(workspace, policy_id="sales", out=tmp_path, dated=DAY).html.read_text("utf-8")
    found = _Tags()
    found.feed(html)
    assert not {"script", "img", "iframe", "link", "a", "object"} & set(found.tags)
    assert not [name for name in found.attributes if name.startswith("on") or name in ("src", "href")]
    assert "default-src 'none'" in html
    assert found.tags.count("svg") >= 2


def test_a_table_is_as_wide_as_its_words_and_never_wider_than_the_page() -> None:
    from core.domain.reports import Plot, Point, Report, Table
    from core.exchange.report_pdf import _Page

    page = _Page(Report("x", DAY, (), ()))
    page.add_page()
    narrow = page._widths([("a", "b"), ("long word", "1")])
    assert sum(narrow) < page.epw / 3
    wide = page._widths([("a", "w" * 400, "0.96 (0.90-0.98, n 101)")])
    assert sum(wide) <= page.epw
    assert wide[2] == pytest.approx(page._widths([("a", "b", "0.96 (0.90-0.98, n 101)")])[2])
    page.plot(Plot("p", "x", "y", (Point(0.2, 0.5), Point(0.4, 0.6)), joined=True, diagonal=True))
    page.table(Table(("a",), (("b",),)))
    assert set(page.fill_color.colors) == {1}  # what a plot was filled with does not fill the cells after it
    assert page.page_no() == 1


def test_hostile_names_are_text(workspace: Workspace, tmp_path: Path) -> None:
    from core.domain.reports import Report, Section, Table
    from core.exchange.report_html import report_to_html
    from core.exchange.report_pdf import report_to_pdf

    hostile = '</title><script>alert(1)</script>"\u202e\x00\u4e2d\ud800'
    table = Table((hostile,), ((hostile,),))
    report = Report(hostile, DAY, ((hostile, hostile),), (Section(hostile, (hostile,), (table,)),))
    assert b"<script>" not in b"".join(report_to_html(report))
    assert report_to_pdf(report).startswith(b"%PDF-")
    assert latin("a\u4e2d\u2013\u202e") == "a\\u4e2d-\\u202e"
    assert latin("-0.34\u2013-0.08, 0.1\u20130.2") == "-0.34 to -0.08, 0.1-0.2"


def test_an_empty_policy_has_a_report_that_says_so(workspace: Workspace, tmp_path: Path) -> None:
    text = services.write_evaluation(workspace, policy_id="harassment", out=tmp_path, dated=DAY).html.read_text("utf-8")
    assert "too few (n 0)" in text
    assert "Not enough labels" in text


def test_what_cannot_be_written_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportError):
        services.write_evaluation(workspace, policy_id="sales", out=tmp_path / "file", dated=DAY)
    with pytest.raises(UsageError):
        services.write_evaluation(workspace, policy_id="nope", out=tmp_path, dated=DAY)

"""The text of a policy with its outline at the left and what is wrong with it at the right, while it is written.

It owns the three columns and the way between them. It must not store anything: the page asks for the text.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QProgressBar,
    QSplitter,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from core.services import Clause, Finding, TextLook
from ui.theme import Theme, mono_font
from ui.tokens import BASE_POINT_SIZE, SPACE_1, SPACE_2, SPACE_3
from ui.visible import one_line, plain_tip
from ui.widgets.labels import plain_label

_PAUSE_MS = 300
"""After the last key before the text is looked at: lint follows the hand without running at every letter."""

FEWEST_TOKENS, MOST_TOKENS = 400, 600
"""The range the model's authors recommend."""

_LINE = int(Qt.ItemDataRole.UserRole)
_COLUMN = _LINE + 1


class PolicyEditor(QWidget):
    """`paused` fires when the text has changed and the hand rests; the page looks at the text and calls `show_look`."""

    paused = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._findings: tuple[Finding, ...] = ()
        self.outline = QListWidget()
        self.outline.setAccessibleName(self.tr("Clauses"))
        self.outline.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("Text of the policy"))
        self.text.setFont(mono_font(BASE_POINT_SIZE))
        self.text.setTabChangesFocus(True)
        self.text.document().setDocumentMargin(SPACE_3)
        self.findings = QListWidget()
        self.findings.setAccessibleName(self.tr("What lint found"))
        self.findings.setWordWrap(True)
        for listed in (self.outline, self.findings):
            listed.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.meter = QProgressBar()
        self.meter.setTextVisible(False)
        self.meter.setRange(0, MOST_TOKENS)
        self.meter.setAccessibleName(self.tr("Tokens"))
        self.tokens = plain_label(role="strong")
        self.by_section = plain_label(role="caption", wrap=True)
        self.verdict = plain_label(role="section")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._build()

    def _build(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        left = _column(plain_label(self.tr("Clauses"), role="section"), self.outline)
        size = QFrame()
        size.setProperty("role", "head")
        column = QVBoxLayout(size)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(SPACE_1)
        column.addWidget(self.tokens)
        column.addWidget(self.meter)
        column.addWidget(self.by_section)
        right = _column(self.verdict, self.findings, above=size)
        for part, width in ((left, 190), (self.text, 480), (right, 260)):
            split.addWidget(part)
            part.setMinimumWidth(min(width, 170))
        split.setSizes([190, 500, 260])
        split.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.text.textChanged.connect(self._pause.start)
        self._pause.timeout.connect(self.paused)
        for listed in (self.outline, self.findings):
            listed.itemActivated.connect(self._on_item_activated)
            listed.itemClicked.connect(self._on_item_activated)
        self._theme.changed.connect(self._mark)

    def show_text(self, document: str, *, editable: bool) -> None:
        """Show another text from its beginning; nothing is said of it yet."""
        self.text.blockSignals(True)
        self.text.setPlainText(document)
        self.text.blockSignals(False)
        self.text.setReadOnly(not editable)
        self.text.document().setModified(False)
        self.outline.clear()
        self.findings.clear()

    @property
    def document(self) -> str:
        """The text as it stands."""
        return self.text.toPlainText()

    def show_look(self, look: TextLook) -> None:
        """Show what is to be said of the text."""
        at = self.outline.currentRow()
        self.outline.clear()
        for clause in look.clauses:
            self.outline.addItem(_item(_outline_words(clause), clause.line, 1, bold=bool(clause.level)))
        self.outline.setCurrentRow(min(at, self.outline.count() - 1))
        self.findings.clear()
        if look.problem is not None:
            self._show_problem(look)
            return
        self._findings = look.lint.findings if look.lint is not None else ()
        self._show_size(look)
        errors = sum(finding.level.value == "error" for finding in self._findings)
        warnings = len(self._findings) - errors
        self.verdict.setText(
            self.tr("Lint ({key}): {errors} to mend, {warnings} to weigh").format(
                key="F8", errors=errors, warnings=warnings
            )
            if self._findings
            else self.tr("Lint: nothing found")
        )
        for finding in self._findings:
            self.findings.addItem(self._finding_item(finding))
        self._mark()

    def _show_problem(self, look: TextLook) -> None:
        self._findings = ()
        self.verdict.setText(self.tr("Not a policy yet"))
        if look.problem is not None:
            self.findings.addItem(_item(f"{look.problem.message} {look.problem.hint}", 0, 0))
        self.tokens.setText("–")
        self.by_section.setText("")
        self.meter.setValue(0)
        self._mark()

    def _show_size(self, look: TextLook) -> None:
        if look.lint is None:
            return
        count = look.lint.tokens
        about = self.tr("about {count} tokens") if count.estimated else self.tr("{count} tokens")
        self.tokens.setText(about.format(count=f"{count.total:,}"))
        self.meter.setValue(min(count.total, MOST_TOKENS))
        outside = any(finding.code == "P101" for finding in self._findings)
        self.tokens.setProperty("role", "warning" if outside else "strong")
        self.tokens.style().polish(self.tokens)
        parts = " · ".join(f"{name or '–'} {number}" for name, number in count.sections)
        advice = self.tr("{low} to {high} are recommended").format(low=FEWEST_TOKENS, high=MOST_TOKENS)
        self.by_section.setText(f"{advice}. {parts}")

    def _finding_item(self, finding: Finding) -> QListWidgetItem:
        sure = self.tr(" (sure fix: {fix})").format(fix=finding.fix.what) if finding.fix else ""
        words = self.tr("{code} line {line}: {reason}{sure}").format(
            code=finding.code, line=finding.line, reason=finding.reason, sure=sure
        )
        item = _item(words, finding.line, finding.column)
        tone = self._theme.tokens.violates if finding.level.value == "error" else self._theme.tokens.unknown
        item.setForeground(QColor(tone))
        return item

    def next_finding(self) -> None:
        """Go to the place of the next finding, the first one after the last."""
        count = self.findings.count()
        if count:
            self.findings.setCurrentRow((self.findings.currentRow() + 1) % count)
            self._on_item_activated(self.findings.currentItem())

    @Slot(QListWidgetItem)
    def _on_item_activated(self, item: QListWidgetItem) -> None:
        line = item.data(_LINE)
        if line:
            self.go_to(int(line), int(item.data(_COLUMN)))

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the cursor at a place (counted from 1) and bring it into view."""
        block = self.text.document().findBlockByNumber(line - 1)
        cursor = QTextCursor(block)
        cursor.movePosition(
            QTextCursor.MoveOperation.Right,
            QTextCursor.MoveMode.MoveAnchor,
            max(0, min(column - 1, block.length() - 1)),
        )
        self.text.setTextCursor(cursor)
        self.text.centerCursor()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _mark(self) -> None:
        """Underline what lint found."""
        tokens = self._theme.tokens
        marks: list[QTextEdit.ExtraSelection] = []
        for finding in self._findings:
            block = self.text.document().findBlockByNumber(finding.line - 1)
            if not block.isValid():
                continue
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(block)
            move, keep = QTextCursor.MoveOperation, QTextCursor.MoveMode
            cursor.movePosition(move.Right, keep.MoveAnchor, max(0, min(finding.column - 1, block.length() - 1)))
            whole = finding.column <= 1
            cursor.movePosition(move.EndOfBlock if whole else move.EndOfWord, keep.KeepAnchor)
            form = QTextCharFormat()
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            form.setUnderlineColor(QColor(tokens.violates if finding.level.value == "error" else tokens.unknown))
            mark.cursor, mark.format = cursor, form
            marks.append(mark)
        self.text.setExtraSelections(marks)


def _outline_words(clause: Clause) -> str:
    """Return what the outline says of a clause: a heading's words, or below it the rule's id and how it begins."""
    if clause.level:
        return clause.text.lstrip("#").strip()
    said = clause.text.split(clause.id, 1)[-1] if clause.id else clause.text
    words = one_line(said.strip(" \t*`:_-"), 60)
    return f"   {clause.id}  {words}" if clause.id else f"   {words}"


def _item(words: str, line: int, column: int, *, bold: bool = False) -> QListWidgetItem:
    item = QListWidgetItem(words)
    item.setData(_LINE, line)
    item.setData(_COLUMN, column)
    item.setToolTip(plain_tip(words.strip()))
    if bold:
        font = item.font()
        font.setBold(True)
        item.setFont(font)
    return item


def _column(title: QWidget, listed: QWidget, *, above: QWidget | None = None) -> QWidget:
    """Return a column: a heading over a list, with something above both if given."""
    pane = QWidget()
    pane.setProperty("role", "pane")
    pane.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    if above is not None:
        column.addWidget(above)
    title.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_1)
    column.addWidget(title)
    column.addWidget(listed, 1)
    return pane

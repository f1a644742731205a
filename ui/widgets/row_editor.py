"""One refused row: where it stood, why it was refused, and its bytes as text that can be mended.

It owns the text and whether it was changed. Everything in it is plain text; it stores and reads nothing.
"""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextCursor, QTextDocument, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from core.domain import QuarantinedRow
from ui.models.quarantine_model import reason_words
from ui.spelled import MARK, fault_place, spell, unspell
from ui.theme import Theme, mono_font
from ui.tokens import BASE_POINT_SIZE, SPACE_2
from ui.visible import BLOCK_LIMIT, one_line
from ui.widgets.labels import plain_label

_MOST_CHARACTERS = 100_000
_LONGEST_LINE = 30_000  # a longer one makes every key stroke wait
_SHOWN_CHARACTERS = 20_000


class RowEditor(QWidget):
    """Shows a row; `changed` fires when its text was edited or is as it was again."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row: QuarantinedRow | None = None
        self.place = plain_label(role="strong", wrap=True)
        self.reason = plain_label(role="field-error", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setProperty("role", "field")
        self.text.setAccessibleName(self.tr("The row as it stood"))
        self.text.setFont(mono_font(BASE_POINT_SIZE))
        self.text.setTabChangesFocus(True)
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.hint = plain_label(role="caption", wrap=True)
        self._marks = _Marks(self.text.document(), theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        column.addWidget(self.place)
        column.addWidget(self.reason)
        column.addWidget(self.text, 1)
        column.addWidget(self.hint)
        self.text.document().modificationChanged.connect(lambda _changed: self.changed.emit())

    @property
    def row(self) -> QuarantinedRow | None:
        """The row that is shown."""
        return self._row

    @property
    def is_changed(self) -> bool:
        """Whether the text is other than the row."""
        return self._row is not None and not self.text.isReadOnly() and self.text.document().isModified()

    @property
    def raw(self) -> bytes:
        """The bytes that the text stands for."""
        return unspell(self.text.toPlainText())

    def show_row(self, row: QuarantinedRow | None) -> None:
        """Show a row, or nothing; what was typed is gone."""
        self._row = row
        raw = row.raw if row is not None else b""
        text = spell(raw)
        can_mend = row is not None and row.whole and _is_easy(text)
        self.text.setPlainText(text if can_mend else _broken_up(text))
        self.text.setReadOnly(not can_mend)
        self.text.document().setModified(False)
        self._say(row, can_mend=can_mend)
        place = fault_place(row.reason, raw) if row is not None and can_mend else None
        self._point_at(None if place is None else len(text[:place].encode("utf-16-le")) // 2)

    @Slot()
    def undo_changes(self) -> None:
        """Show the row as it stood."""
        self.show_row(self._row)

    def _point_at(self, position: int | None) -> None:
        """Put the cursor where the fault is, counted as Qt counts, and mark the place."""
        self.text.setExtraSelections([])
        if position is None:
            return
        cursor = QTextCursor(self.text.document())
        cursor.setPosition(position)
        self.text.setTextCursor(cursor)
        self.text.centerCursor()
        fault = QTextEdit.ExtraSelection()
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
        fault.cursor = cursor
        fault.format.setBackground(QColor(self._theme.tokens.violates_soft))
        fault.format.setUnderlineColor(QColor(self._theme.tokens.violates))
        fault.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        self.text.setExtraSelections([fault])

    def _say(self, row: QuarantinedRow | None, *, can_mend: bool) -> None:
        words = self.tr("{file}, line {line}")
        self.place.setText("" if row is None else words.format(file=one_line(row.source, 120), line=f"{row.line:,}"))
        words = "" if row is None else reason_words(row.reason)
        self.reason.setText(words[:1].upper() + words[1:])
        if row is None:
            self.hint.setText("")
        elif not row.whole:
            self.hint.setText(self.tr("Too long: only the start was kept. Mend its file and import it."))
        elif not can_mend:
            self.hint.setText(self.tr("Too long to be mended here. Export it, mend it, and import the file."))
        else:
            self.hint.setText(self.tr("Marks such as ⟦U+200B⟧ and ⟦xFF⟧ are hidden characters and broken bytes."))


class _Marks(QSyntaxHighlighter):
    """Colours the marks that stand for what cannot be seen."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        theme.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        """Colour the marks of one line."""
        if "⟦" not in text:
            return
        look = QTextCharFormat()
        look.setForeground(QColor(self._theme.tokens.mark))
        look.setBackground(QColor(self._theme.tokens.mark_soft))
        for mark in MARK.finditer(text):
            first = len(text[: mark.start()].encode("utf-16-le", "surrogatepass")) // 2
            self.setFormat(first, len(mark[0]), look)


def _is_easy(text: str) -> bool:
    """Whether a text can be edited without a wait."""
    return len(text) <= _MOST_CHARACTERS and max(map(len, text.split("\n"))) <= _LONGEST_LINE


def _broken_up(text: str) -> str:
    """Return the start of a text in lines that are quick to lay out."""
    lines = text[:_SHOWN_CHARACTERS].split("\n")
    return "\n".join(line[at : at + BLOCK_LIMIT] for line in lines for at in range(0, max(1, len(line)), BLOCK_LIMIT))

"""Two texts of a policy side by side, a clause a row, with the words that changed marked.

It owns the rows, their height and their painting. It compares nothing: it is handed the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QTextCharFormat, QTextCursor, QTextDocument, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from core.services import Change, PolicyDiff, Span
from ui.theme import Theme, scaled_font
from ui.tokens import BASE_POINT_SIZE, Tokens
from ui.visible import make_visible

Index = QModelIndex | QPersistentModelIndex
_PAD = 8
_WHAT = 110


@dataclass(frozen=True, slots=True)
class DiffRow:
    """What stands in one row: the kind of change, the clause, and both sides in stretches."""

    change: Change
    what: str
    before: tuple[Span, ...]
    after: tuple[Span, ...]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Diff", text)


def change_words() -> dict[Change, str]:
    """Return the words for what became of a clause."""
    return {
        Change.SAME: "",
        Change.CHANGED: _tr("changed"),
        Change.MOVED: _tr("moved"),
        Change.ADDED: _tr("added"),
        Change.REMOVED: _tr("removed"),
    }


def rows_of(diff: PolicyDiff, *, only_changes: bool) -> list[DiffRow]:
    """Return the rows of a difference: settings and labels first, then the clauses in order."""
    rows = [
        DiffRow(
            Change.CHANGED if row.before and row.after else Change.ADDED if row.after else Change.REMOVED,
            row.field,
            (Span(row.before, kept=False),) if row.before else (),
            (Span(row.after, kept=False),) if row.after else (),
        )
        for row in diff.fields
    ]
    listed = diff.changed if only_changes else diff.clauses
    return [*rows, *(DiffRow(row.change, row.clause, row.before_spans, row.after_spans) for row in listed)]


class DiffModel(QAbstractTableModel):
    """Three columns: what changed, before, after."""

    RowRole = int(Qt.ItemDataRole.UserRole)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[DiffRow] = []

    def show(self, rows: Sequence[DiffRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many clauses are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Three."""
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_tr("Clause"), _tr("Before"), _tr("After"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words of a cell, or the whole row."""
        if not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == self.RowRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            sides = (row.before, row.after)
            word = change_words()[row.change]
            first = f"{row.what}\n{word}" if word else row.what
            return first if index.column() == 0 else "".join(span.text for span in sides[index.column() - 1])
        return None


class DiffDelegate(QStyledItemDelegate):
    """Paints a side as wrapped text; words only this side has stand on a tint and are underlined."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the text is in its column."""
        view = option.widget
        width = view.columnWidth(index.column()) if isinstance(view, QTableView) else 300
        document = self._document(index, width)
        return QSize(width, round(document.size().height()) + 2 * _PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        tokens = self._theme.tokens
        row = index.data(DiffModel.RowRole)
        box = QRectF(option.rect)
        painter.save()
        painter.setClipRect(box)
        painter.fillRect(box, QColor(self._background(tokens, row, index.column(), option)))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), QColor(tokens.line))
        painter.translate(box.left(), box.top() + _PAD)
        self._document(index, round(box.width())).drawContents(painter)
        painter.restore()

    def _background(self, tokens: Tokens, row: object, column: int, option: QStyleOptionViewItem) -> str:
        if option.state & QStyle.StateFlag.State_Selected and column == 0:
            return tokens.selection
        if isinstance(row, DiffRow) and column:
            if row.change is Change.REMOVED and column == 1:
                return tokens.violates_soft
            if row.change is Change.ADDED and column == 2:
                return tokens.safe_soft
        return tokens.surface

    def _document(self, index: Index, width: int) -> QTextDocument:
        tokens = self._theme.tokens
        document = QTextDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont(scaled_font(BASE_POINT_SIZE))
        wrap = QTextOption()
        wrap.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(wrap)
        document.setTextWidth(max(40, width - 2 * _PAD))
        cursor = QTextCursor(document)
        margin = document.rootFrame().frameFormat()
        margin.setLeftMargin(_PAD)
        document.rootFrame().setFrameFormat(margin)
        row = index.data(DiffModel.RowRole)
        if not isinstance(row, DiffRow):
            return document
        if index.column() == 0:
            _write(cursor, str(index.data()), tokens.text if row.change is not Change.SAME else tokens.muted)
            return document
        colour, tint = (
            (tokens.violates, tokens.violates_soft) if index.column() == 1 else (tokens.safe, tokens.safe_soft)
        )
        for span in row.before if index.column() == 1 else row.after:
            if span.kept:
                _write(cursor, span.text, tokens.muted if row.change is Change.SAME else tokens.text)
            else:
                _write(cursor, span.text, colour, tint=tint, underline=row.change is Change.CHANGED)
        return document


def _write(cursor: QTextCursor, text: str, colour: str, *, tint: str = "", underline: bool = False) -> None:
    """Insert text as it is, hidden characters shown as marks."""
    form = QTextCharFormat()
    form.setForeground(QColor(colour))
    if tint:
        form.setBackground(QColor(tint))
    form.setFontUnderline(underline)
    cursor.insertText("\n".join(make_visible(text).blocks), form)


class DiffView(QTableView):
    """The table. Keys move by row; nothing in it can be changed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = DiffModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(DiffDelegate(theme, self))
        self.setAccessibleName(self.tr("Difference, clause by clause"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(0, _WHAT)
        theme.changed.connect(self.viewport().update)

    def show_diff(self, diff: PolicyDiff | None, *, only_changes: bool) -> None:
        """Show a difference, or nothing."""
        self.rows.show(rows_of(diff, only_changes=only_changes) if diff is not None else ())
        self.resizeRowsToContents()

"""The models of this machine and the checks of it as Qt item models: a few rows each, replaced whole.

They own columns, words and what a screen reader says. They must not ask a service: rows are handed to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.domain import Check
from core.services import Fits, ListedModel, ModelFit
from ui.visible import one_line

_GIB = 1024**3
_Index = QModelIndex | QPersistentModelIndex


def _tr(text: str) -> str:
    return QCoreApplication.translate("MachineModels", text)


def size_word(size: int) -> str:
    """Return a size in GiB, or in MiB below one."""
    return f"{size / _GIB:.1f} GiB" if size >= _GIB else f"{size / 1024**2:.0f} MiB"


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model: what is listed of it, how it fits (None until asked), whether it judges here, what runs with it."""

    listed: ListedModel
    fit: ModelFit | None = None
    in_use: bool = False
    busy: str = ""

    @property
    def is_here(self) -> bool:
        """Whether its file is here and sound."""
        return self.listed.path is not None and not self.listed.problem

    def state_word(self) -> str:
        """Return the state as the table shows it."""
        if self.busy:
            return self.busy
        if self.listed.problem:
            return _tr("Damaged")
        if self.in_use:
            return _tr("In use")
        if self.listed.fetched_bytes and not self.is_here:
            share = min(99, 100 * self.listed.fetched_bytes // max(self.listed.size_bytes, 1))
            return _tr("Paused at {share}%").format(share=share)
        return _tr("Ready") if self.is_here else _tr("Not here")

    def fits_word(self) -> str:
        """Return whether it runs on this machine."""
        if self.fit is None:
            return "…"
        return {Fits.YES: _tr("Yes"), Fits.TIGHT: _tr("Tight"), Fits.NO: _tr("No")}[self.fit.fit.fits]

    def speed_word(self) -> str:
        """Return the measured speed, or that there is none."""
        if self.fit is None or self.fit.probe is None:
            return _tr("not measured")
        return _tr("{count} items/h").format(count=f"{self.fit.probe.items_per_hour:,.0f}")


class _Rows(QAbstractTableModel):
    """What both tables share: a few columns of text, rows replaced whole."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.titles: tuple[str, ...] = ()

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the title of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles[section]
        return None


class ModelTable(_Rows):
    """The models, in the order of the list."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.titles = (_tr("Model"), _tr("State"), _tr("Size"), _tr("Runs here"), _tr("Speed"))
        self._rows: list[ModelRow] = []

    def set_rows(self, rows: Sequence[ModelRow]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row(self, number: int) -> ModelRow | None:
        """Return a row, None where there is none."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def index_of(self, model_id: str) -> int:
        """Return the number of a model's row, -1 if it is not listed."""
        return next((number for number, row in enumerate(self._rows) if row.listed.id == model_id), -1)

    def set_busy(self, model_id: str, words: str) -> None:
        """Say in a model's row what runs with it; "" when nothing does."""
        number = self.index_of(model_id)
        if number >= 0:
            self._rows[number] = replace(self._rows[number], busy=words)
            self.dataChanged.emit(self.index(number, 0), self.index(number, len(self.titles) - 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of models."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return words, what is said of a row, and the side numbers stand on."""
        row = self.row(index.row())
        if row is None:
            return None
        words = (
            one_line(row.listed.name, 60),
            row.state_word(),
            size_word(row.listed.size_bytes),
            row.fits_word(),
            row.speed_word(),
        )
        if role == Qt.ItemDataRole.DisplayRole:
            return words[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ". ".join(f"{title}: {word}" for title, word in zip(self.titles, words, strict=True))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (2, 4):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None


class CheckTable(_Rows):
    """The checks of the machine; what failed comes with what to do."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.titles = (_tr("Check"), _tr("Result"), _tr("Detail"))
        self._checks: tuple[Check, ...] = ()

    def set_checks(self, checks: Sequence[Check]) -> None:
        """Show these checks, those that failed first."""
        self.beginResetModel()
        self._checks = tuple(sorted(checks, key=lambda check: check.ok))
        self.endResetModel()

    def detail(self, name: str) -> str:
        """Return what a check found, "" when it has not been made."""
        return next((check.detail for check in self._checks if check.name == name), "")

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of checks."""
        return 0 if parent.isValid() else len(self._checks)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words of a cell; the tip holds all of the detail."""
        if not 0 <= index.row() < len(self._checks):
            return None
        check = self._checks[index.row()]
        detail = check.detail if check.ok or not check.hint else f"{check.detail}. {check.hint}"
        words = (check.name, _tr("Sound") if check.ok else _tr("Failed"), one_line(detail, 400))
        if role == Qt.ItemDataRole.DisplayRole:
            return words[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ". ".join(words)
        return None

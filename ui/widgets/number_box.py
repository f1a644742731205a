"""A field for a whole number with its unit, or a word for none, as high as the other fields.

It owns its size and margins. It must not know what is counted.
"""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QSpinBox

NUMBER_WIDTH = 120
"""Room for a number with its unit or its word for none, in any language."""
_MARGIN = 7


class NumberBox(QSpinBox):
    """Holds `value` from `least` to `most`; `zero` is what its least value is called, if anything."""

    def __init__(self, value: int, least: int, most: int, *, suffix: str = "", zero: str = "") -> None:
        super().__init__()
        self.setRange(least, most)
        self.setSuffix(suffix)
        self.setSpecialValueText(zero)
        self.setValue(value)
        self.setMinimumWidth(NUMBER_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.lineEdit().setTextMargins(_MARGIN, 0, _MARGIN, 0)  # a style sheet does not reach into the field

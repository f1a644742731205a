"""The one stylesheet, written from the tokens. Widgets name their part with the dynamic property `role`.

It owns how Qt's own controls look. It must not be added to from elsewhere: a widget that needs more paints itself.
"""

from __future__ import annotations

from string import Template

from ui.tokens import CAPTION_POINT_SIZE, DISPLAY_POINT_SIZE, HEADING_POINT_SIZE, RADIUS, Tokens

_SURFACES = Template("""
QMainWindow, QDialog { background: $window; }
QWidget[role="pane"] { background: $surface; }
QWidget[role="page"] { background: $window; }
QFrame[role="card"] { background: $surface; border: 1px solid $line; border-radius: ${radius}px; }
QFrame[role="filters"] { background: $raised; border: 0; border-top: 1px solid $line;
    border-bottom: 1px solid $line; }
QFrame[role="strip"] { background: $raised; border: 0; border-top: 1px solid $line; }
QFrame[role="head"] { background: $surface; border: 0; border-bottom: 1px solid $line; }
QFrame[role="asking"] { background: $accent_soft; border: 0; border-top: 2px solid $accent; }
QFrame[role="cover"] { background: $raised; border: 0; }
QFrame[role="banner"] { background: $unknown_soft; border: 0; border-bottom: 1px solid $line; }
QFrame[role="notice-error"] { background: $violates_soft; border: 0; border-bottom: 1px solid $danger_line; }
QFrame[role="notice-info"] { background: $safe_soft; border: 0; border-bottom: 1px solid $line; }
QFrame[role="rail"] { background: $window; border: 0; border-right: 1px solid $line; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QToolTip { background: $raised; color: $text; border: 1px solid $boundary; padding: 4px 6px; }
""")

_LABELS = Template("""
QLabel { background: transparent; color: $text; }
QLabel[role="caption"] { color: $muted; font-size: ${caption}pt; }
QLabel[role="section"] { color: $muted; font-size: ${caption}pt; font-weight: 600; }
QLabel[role="heading"] { font-size: ${heading}pt; font-weight: 600; }
QLabel[role="display"] { font-size: ${display}pt; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="field-error"] { color: $violates; }
QLabel[role="warning"] { color: $unknown; }
QLabel[role="key"] { color: $text; background: $raised; border: 1px solid $boundary; border-radius: 4px;
    padding: 1px 6px; font-weight: 600; }
QLabel:disabled { color: $disabled; }
""")

_BUTTONS = Template("""
QPushButton { background: $surface; color: $text; border: 1px solid $boundary; border-radius: ${radius}px;
    padding: 5px 12px; }
QPushButton:hover { background: $raised; border-color: $muted; }
QPushButton:pressed { background: $selection; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 11px; }
QPushButton:disabled { color: $disabled; border-color: $line; background: $surface; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; padding: 4px 11px; }
QPushButton[role="primary"]:disabled { background: $line; color: $muted; border-color: $line; }
QPushButton[role="quiet"], QToolButton { background: transparent; color: $text; border: 1px solid transparent;
    border-radius: ${radius}px; padding: 4px 8px; }
QPushButton[role="quiet"]:hover, QToolButton:hover { background: $selection; }
QPushButton[role="quiet"]:focus, QToolButton:focus { border: 2px solid $accent; padding: 3px 7px; }
QPushButton[role="quiet"]:disabled, QToolButton:disabled { color: $disabled; background: transparent; }
QToolButton[role="page"] { font-size: ${caption}pt; color: $muted; padding: 4px 2px; }
QToolButton[role="page"]:focus { padding: 3px 1px; }
QToolButton[role="page"]:checked { background: $selection; color: $text; font-weight: 600; }
QToolButton:checked { background: $selection; color: $accent; }
QPushButton[role="choice"] { text-align: left; padding: 4px 10px; background: $surface; }
QPushButton[role="choice"]:focus { padding: 3px 9px; }
QPushButton[role="choice"]:checked { background: $accent; color: $on_accent; border-color: $accent;
    font-weight: 600; }
QPushButton[role="rule"] { padding: 1px 8px; border-radius: 4px; color: $accent; border-color: $boundary;
    font-size: ${caption}pt; font-weight: 600; }
QPushButton[role="rule"]:focus { padding: 0px 7px; }
QPushButton[role="offer"] { border: 0; border-top: 1px solid $line; border-radius: 0; background: $accent_soft;
    color: $accent; padding: 5px; font-size: ${caption}pt; font-weight: 600; }
QPushButton[role="offer"]:hover { background: $selection; }
QPushButton[role="offer"]:focus { border: 2px solid $accent; padding: 4px; }
QPushButton[role="pinned"] { border: 0; border-bottom: 1px solid $line; border-radius: 0; background: $accent_soft;
    color: $text; padding: 6px 12px; font-size: ${caption}pt; font-weight: 600; text-align: left; }
QPushButton[role="pinned"]:hover { background: $selection; }
QPushButton[role="pinned"]:focus { border: 2px solid $accent; padding: 5px 10px; }
QCheckBox, QRadioButton { spacing: 8px; color: $text; background: transparent; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $boundary;
    background: $surface; }
QCheckBox::indicator { border-radius: 3px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 6px; height: 6px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
""")

_FIELDS = Template("""
QLineEdit, QComboBox { background: $surface; color: $text; border: 1px solid $boundary;
    border-radius: ${radius}px; padding: 4px 8px; min-height: 20px;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QComboBox:focus { border: 2px solid $accent; padding: 3px 7px; }
QLineEdit:disabled, QComboBox:disabled { color: $disabled; border-color: $line; }
QLineEdit[invalid="true"] { border: 2px solid $violates; padding: 3px 7px; }
QComboBox::drop-down { border: 0; width: 22px; }
QComboBox::down-arrow { image: url("$chevron"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $surface; color: $text; border: 1px solid $boundary; outline: 0;
    selection-background-color: $selection; selection-color: $text; }
QPlainTextEdit { background: $surface; color: $text; border: 0;
    selection-background-color: $accent; selection-color: $on_accent; }
QSpinBox { background: $surface; color: $text; border: 1px solid $boundary; border-radius: ${radius}px;
    padding: 0; min-height: 28px; max-height: 28px; selection-background-color: $accent; selection-color: $on_accent; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; height: 0; border: 0; }
QSpinBox::up-arrow, QSpinBox::down-arrow { width: 0; height: 0; image: none; }
QSpinBox:focus { border: 2px solid $accent; min-height: 26px; max-height: 26px; }
QSpinBox > QLineEdit { background: transparent; border: 0; padding: 0; min-height: 0; }
QSpinBox:disabled { color: $disabled; border-color: $line; }
QListWidget { background: $surface; color: $text; border: 1px solid $boundary; border-radius: ${radius}px; outline: 0; }
QListView::indicator { width: 14px; height: 14px; border: 1px solid $boundary; border-radius: 3px;
    background: $surface; }
QListView::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QListWidget[role="steps"] { background: transparent; border: 0; }
QListWidget[role="steps"]::item { padding: 8px; border-radius: ${radius}px; }
QListWidget[role="steps"]::item:disabled { color: $disabled; }
QListWidget::item { padding: 4px 8px; }
QListWidget::item:selected { background: $selection; color: $text; }
QTabWidget::pane { background: $surface; border: 1px solid $line; border-radius: ${radius}px; top: -1px; }
QTabBar::tab { background: transparent; color: $muted; padding: 6px 14px; border: 0; border-bottom: 2px solid $line; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; font-weight: 600; }
QTabBar:focus { outline: 0; }
QPlainTextEdit[role="field"] { border: 1px solid $boundary; border-radius: ${radius}px; padding: 4px; }
""")

_VIEWS = Template("""
QTableView { background: $surface; color: $text; border: 0; outline: 0; gridline-color: $line;
    selection-background-color: $selection; selection-color: $text; }
QTableView[role="cases"]::item { padding: 2px 8px; }
QTableView[role="cases"] QHeaderView::section { padding-left: 11px; }
QTableView[role="figures"] QHeaderView::section { padding-left: 11px; padding-right: 11px; }
QTableView[role="figures"]::item { padding: 2px 8px; }
QTableView[role="figures"]::item:focus { border: 2px solid $accent; padding: 0px 6px; background: $selection;
    color: $text; }
QTableView[role="metadata"] { border-top: 1px solid $line; }
QTableView[role="metadata"]::item { padding: 2px 8px; }
QTableView[role="metadata"]::item:focus { background: $selection; }
QTableView[role="list"] { border: 1px solid $line; border-radius: ${radius}px; }
QTableView[role="list"]::item { padding: 2px 8px; border: 0; }
QTableView[role="list"]::item:selected { background: $selection; color: $text; }
QTableView[role="list"] QHeaderView::section { padding-left: 11px; }
QTableView[role="list"]:focus { border: 1px solid $accent; }
QListView { background: $surface; color: $text; border: 0; outline: 0; padding: 0; }
QListView::item { padding: 3px 12px; }
QListView::item:selected { background: $selection; color: $text; }
QListView[role="boxed"] { border: 1px solid $line; border-radius: ${radius}px; padding: 4px 0; }
QHeaderView::section { background: $raised; color: $muted; border: 0; border-bottom: 1px solid $line;
    padding: 4px 8px; font-size: ${caption}pt; }
QScrollArea { border: 0; background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $boundary; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $line; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QMenuBar { background: $window; color: $text; border-bottom: 1px solid $line; padding: 2px 4px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: $selection; }
QMenu { background: $surface; color: $text; border: 1px solid $boundary; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 24px; border-radius: 4px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
""")


def build_stylesheet(tokens: Tokens, *, chevron: str = "", check: str = "") -> str:
    """Return the stylesheet for one scheme. `chevron` and `check` are paths of the images of fields and boxes."""
    values = {name: getattr(tokens, name) for name in tokens.__slots__}
    values |= {
        "radius": RADIUS,
        "caption": CAPTION_POINT_SIZE,
        "heading": HEADING_POINT_SIZE,
        "display": DISPLAY_POINT_SIZE,
        "chevron": chevron,
        "check": check,
    }
    parts = (_SURFACES, _LABELS, _BUTTONS, _FIELDS, _VIEWS)
    return "\n".join(part.substitute(values) for part in parts)

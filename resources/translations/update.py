"""Take every translatable string out of the window's source and bring the catalogues in step.

Run it after changing words: `python resources/translations/update.py`. It reads the source with `ast`, so that `_tr` of
a module has that module's context, keeps every translation that is there, drops what is gone, and compiles `.qm` with
lrelease. It must not translate anything.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "resources" / "translations"

Key = tuple[str, str]


def source_strings(root: Path = ROOT) -> dict[Key, str]:
    """Return every (context, text) of the source, in order, with the file it was first seen in."""
    found: dict[Key, str] = {}
    for path in sorted((root / "ui").rglob("*.py")):
        reader = _Reader()
        reader.visit(ast.parse(path.read_text(encoding="utf-8")))
        for key in reader.found:
            found.setdefault(key, path.relative_to(root).as_posix())
    return found


class _Reader(ast.NodeVisitor):
    """Collects `x.tr("…")` under the class it stands in, and `_tr("…")` under the context that module's `_tr` names."""

    def __init__(self) -> None:
        self.found: list[Key] = []
        self._classes: list[str] = []
        self._context = ""
        self._module: ast.Module | None = None

    def visit_Module(self, node: ast.Module) -> None:
        self._module = node
        for function in node.body:
            if isinstance(function, ast.FunctionDef) and function.name == "_tr":
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "translate":
                        self._context = str(ast.literal_eval(call.args[0]))
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if name == "_tr" and texts and isinstance(texts[0], str):
            self.found.append((self._context, texts[0]))
        elif name == "translate" and len(texts) > 1 and all(isinstance(text, str) for text in texts[:2]):
            self.found.append((str(texts[0]), str(texts[1])))
        elif name == "tr" and texts and isinstance(texts[0], str) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            by_self = isinstance(owner, ast.Name) and owner.id == "self" and self._classes
            self.found.append((self._classes[-1] if by_self else _owner_class(self._module), texts[0]))


def _owner_class(module: ast.Module | None) -> str:
    """Return the class a module-level helper speaks for: the last public one of its module."""
    classes = [node.name for node in module.body if isinstance(node, ast.ClassDef)] if module is not None else []
    public = [name for name in classes if not name.startswith("_")]
    return public[-1] if public else ""


def read_catalogue(path: Path) -> dict[Key, str]:
    """Return the finished translations of a catalogue."""
    if not path.is_file():
        return {}
    found: dict[Key, str] = {}
    for context in ET.parse(path).getroot().iter("context"):  # noqa: S314 - our own file
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.text and translation.get("type") != "unfinished":
                found[(name, message.findtext("source") or "")] = translation.text
    return found


def write_catalogue(path: Path, language: str, strings: dict[Key, str], translations: dict[Key, str]) -> int:
    """Write a catalogue of exactly these strings; return how many lack a translation."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    contexts: dict[str, ET.Element] = {}
    missing = 0
    for name, text in sorted(strings):
        if name not in contexts:
            contexts[name] = ET.SubElement(root, "context")
            ET.SubElement(contexts[name], "name").text = name
        message = ET.SubElement(contexts[name], "message")
        ET.SubElement(message, "source").text = text
        translation = ET.SubElement(message, "translation")
        if (name, text) in translations:
            translation.text = translations[(name, text)]
        else:
            translation.set("type", "unfinished")
            missing += 1
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")
    return missing


if __name__ == "__main__":
    strings = source_strings()
    for catalogue in sorted(FOLDER.glob("docket_*.ts")):
        language = catalogue.stem.removeprefix("docket_")
        left = write_catalogue(catalogue, language, strings, read_catalogue(catalogue))
        sys.stderr.write(f"{catalogue.name}: {len(strings)} strings, {left} not translated\n")
        compiler = Path(sys.executable).with_name("pyside6-lrelease")
        subprocess.run([compiler, catalogue, "-qm", catalogue.with_suffix(".qm")], check=True)  # noqa: S603

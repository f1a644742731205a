"""The verbs of linting: files are mended whole or not at all, tokens are counted by the model that was opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core import services
from core.domain import Item, PolicyVersion, PromptToken, PromptView
from core.errors import ExportError, InputError
from core.inference.protocol import Classifier, JudgeOptions
from tests.fixtures.tiny_models import write_tiny_chatml
from tests.ui.fakes import FakeClassifier

ROOT = Path(__file__).resolve().parents[3]
SPAM = (ROOT / "policies" / "spam.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classifier]:
    path = write_tiny_chatml(tmp_path_factory.mktemp("models") / "tiny.gguf", window=4096)
    with closing(services.open_classifier(None, model=str(path))) as classifier:
        yield classifier


def test_a_model_counts_its_own_tokens_by_section(model: Classifier) -> None:
    policy = services.read_policy(ROOT / "policies" / "spam.md")
    report = services.lint(policy, classifier=model)
    assert report.tokens.tokenizer == "tiny-chatml"
    assert not report.tokens.estimated
    # The tiny model's vocabulary is bytes with a few pairs joined.
    assert 0 <= len(policy.body.encode()) - report.tokens.total < 200
    assert [name for name, _ in report.tokens.sections] == list(policy.sections)
    assert sum(count for _, count in report.tokens.sections) < report.tokens.total
    assert [finding.code for finding in report.findings] == ["P101"]


class _Server(FakeClassifier):
    """Shows each piece of a prompt as one token that has no id, as a server's prompt is shown."""

    def prompt_view(self, item: Item, *, policy: PolicyVersion, options: JudgeOptions) -> PromptView:
        return PromptView(policy.body, (PromptToken(-1, policy.body, "policy", control=False),), "")


@pytest.mark.parametrize("classifier", [_Server(), FakeClassifier()])
def test_without_tokens_the_count_is_estimated(classifier: FakeClassifier) -> None:
    report = services.lint(services.read_policy(ROOT / "policies" / "spam.md"), classifier=classifier)
    assert report.tokens.estimated
    assert report.findings == ()


def test_a_file_is_mended_and_the_change_shown(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_bytes(b"\xef\xbb\xbf" + SPAM.replace("-> SP2.a,", "-> sp2-a,").replace("\n", "\r\n").encode())
    path.chmod(0o640)
    result = services.fix_policy(path)
    assert [finding.code for finding in result.fixed] == ["P201"]
    assert result.report.findings == ()
    assert path.read_bytes() == b"\xef\xbb\xbf" + SPAM.replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [line[:1] for line in result.diff if "SP2.a" in line or "sp2-a" in line] == ["-", "+"]
    assert services.fix_policy(path) == services.linting.FixResult((), (), result.report)


def test_a_file_that_cannot_be_mended_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "draft.md"
    target.write_text(SPAM.replace("-> SP2.a,", "-> sp2-a,"), encoding="utf-8")
    link = tmp_path / "link.md"
    link.symlink_to(target)
    before = target.read_bytes()
    with pytest.raises(ExportError, match="is a link"):
        services.fix_policy(link)
    assert target.read_bytes() == before
    with pytest.raises(InputError):
        services.fix_policy(tmp_path / "none.md")

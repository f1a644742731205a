"""The sample queue and the two policies it is labelled under keep what they promise."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
import yaml

from core.domain import Cause
from tests.fixtures.authored import (
    POLICIES,
    SAMPLE,
    hidden,
    judged,
    kind,
    orders_the_model,
    read_records,
    real_world,
    shown,
    texts,
)

RECORDS = read_records(SAMPLE)
SECTIONS = ["Instructions", "Definitions", "Violates", "Safe", "Examples"]
VAGUE = re.compile(
    r"\b(inappropriate|generally|usually|often|sometimes|etc|reasonable|excessive|offensive|bad|harmful|and so on)\b",
    re.IGNORECASE,
)


def read_policy(policy_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The front matter and the sections of a shipped policy."""
    _, head, body = (POLICIES / f"{policy_id}.md").read_text(encoding="utf-8").split("---\n", 2)
    parts = re.split(r"^# (.+)$", body, flags=re.MULTILINE)
    return yaml.safe_load(head), dict(zip(parts[1::2], parts[2::2], strict=True))


def rule_ids(section: str) -> list[str]:
    return re.findall(r"^- ([A-Z]{2}\d\.[a-z]) ", section, flags=re.MULTILINE)


def violates(record: dict[str, Any]) -> bool:
    return not record["label"].endswith("0")


@pytest.fixture(params=["spam", "harassment"])
def policy(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, str]]:
    return read_policy(request.param)


def test_policy_has_the_five_parts_and_the_size_its_readers_hold(policy) -> None:
    head, sections = policy
    assert list(sections) == SECTIONS
    words = sum(len(part.split()) for part in sections.values())
    # 400 to 600 tokens of o200k_base; English policy text runs at 1.4 to 1.5 tokens a word.
    assert 280 <= words <= 425
    assert head["output"] == "rationale"
    assert head["applies_to"] == ["message", "reply", "conversation"]


def test_policy_labels_and_rules_fit_together(policy) -> None:
    head, sections = policy
    labels = {label["code"]: label for label in head["labels"]}
    assert [label["severity"] for label in labels.values()] == [0, 2, 3, 4]
    assert [label["code"] for label in labels.values() if label.get("escalate")] == [list(labels)[-1]]
    aliases = [alias for label in labels.values() for alias in label["aliases"]]
    assert len(aliases) == len(set(aliases))
    bad, good = rule_ids(sections["Violates"]), rule_ids(sections["Safe"])
    assert len(bad + good) == len(set(bad + good))
    assert {rule.split(".")[0] for rule in bad} == {code for code, label in labels.items() if label["violates"]}
    assert {rule.split(".")[0] for rule in good} == {code for code, label in labels.items() if not label["violates"]}


def test_policy_says_how_to_decide_and_answer(policy) -> None:
    head, sections = policy
    instructions = sections["Instructions"]
    for word in ("Reply:", "Conversation:", "target turn", "Never obey", "Precedence:", "Ambiguity:", "Output:"):
        assert word in instructions
    assert all(label["code"] in instructions for label in head["labels"])
    assert re.search(r"Mention: quoting, reporting, explaining", sections["Safe"])
    assert not VAGUE.search(" ".join(sections.values()))


def test_policy_examples_lie_on_both_sides_and_name_their_rule(policy) -> None:
    _, sections = policy
    examples = [line for line in sections["Examples"].splitlines() if line.strip()]
    named = [re.search(r"-> ([A-Z]{2}\d\.[a-z]), .+\.$", line) for line in examples]
    assert 4 <= len(examples) <= 6
    assert all(named)
    ids = [match[1] for match in named if match]
    assert set(ids) <= set(rule_ids(sections["Violates"]) + rule_ids(sections["Safe"]))
    assert 2 <= sum(rule[2] == "0" for rule in ids) <= len(ids) - 2
    assert not [line for line in examples if real_world(line)]


def test_every_item_is_well_formed() -> None:
    assert [record["id"] for record in RECORDS] == [f"sample-{number:03d}" for number in range(1, 73)]
    item = {"id", "content", "parent", "messages", "target", "metadata"}
    allowed = item | {"policy", "label", "rule_id", "cause", "language"}
    for record in RECORDS:
        assert set(record) <= allowed
        assert ("content" in record) != ("messages" in record)
        assert judged(record).strip()
        assert record.get("cause") is None or Cause(record["cause"])
        assert record["metadata"]["place"] in {"marketplace", "game-chat", "support", "neighbourhood", "study"}


def test_labels_and_rules_are_of_the_policy_named() -> None:
    for record in RECORDS:
        head, sections = read_policy(record["policy"])
        assert record["label"] in {label["code"] for label in head["labels"]}
        assert record["rule_id"] in rule_ids(sections["Violates"]) + rule_ids(sections["Safe"])
        assert record["rule_id"].split(".")[0] == record["label"]


def test_no_text_stands_twice_and_none_is_an_example_of_its_policy() -> None:
    contents = [" ".join(shown(judged(record)).casefold().split()) for record in RECORDS]
    assert len(contents) == len(set(contents))
    for policy_id in ("spam", "harassment"):
        for quoted in re.findall(r'"([^"]+)"', read_policy(policy_id)[1]["Examples"]):
            assert not [content for content in contents if quoted.casefold() in content]


def test_the_mix_is_the_one_promised() -> None:
    assert Counter(map(kind, RECORDS)) == {"message": 42, "reply": 16, "conversation": 14}
    assert Counter(record["policy"] for record in RECORDS) == {"spam": 36, "harassment": 36}
    languages = Counter(record["language"] for record in RECORDS)
    assert set(languages) == {"en", "es", "de", "ja", "ar"}
    assert min(languages.values()) >= 6
    assert min(languages[code] for code in ("en", "es", "de")) >= 10
    assert 0.40 <= sum(map(violates, RECORDS)) / len(RECORDS) <= 0.50
    assert min(Counter(record["label"] for record in RECORDS).values()) >= 4
    assert len({record["label"] for record in RECORDS}) == 8
    for code in languages:
        assert len({violates(record) for record in RECORDS if record["language"] == code}) == 2


def test_conversations_are_judged_at_all_kinds_of_turns() -> None:
    conversations = [record for record in RECORDS if kind(record) == "conversation"]
    targets = [record["messages"][record["target"]]["role"] for record in conversations]
    assert sum(record["target"] < len(record["messages"]) - 1 for record in conversations) >= 6
    assert any(record["target"] == len(record["messages"]) - 1 for record in conversations)
    assert targets.count("assistant") >= 3
    assert targets.count("user") >= 3


def test_the_first_eight_stand_for_the_whole() -> None:
    first = RECORDS[:8]
    assert Counter(record["policy"] for record in first) == {"spam": 4, "harassment": 4}
    assert Counter(map(kind, first)) == {"message": 4, "reply": 2, "conversation": 2}
    assert len({record["label"] for record in first}) >= 7
    assert 3 <= sum(map(violates, first)) <= 5
    assert {record["language"] for record in first} >= {"en", "es", "de"}
    assert any(hidden(judged(record)) for record in first)
    assert any(orders_the_model(judged(record)) for record in first)
    assert max(len(text) for record in first for text in texts(record)) <= 600


def test_hidden_unicode_is_there_on_both_sides_and_visible_in_the_file() -> None:
    with_hidden = [record for record in RECORDS if hidden(judged(record))]
    assert len(with_hidden) >= 10
    assert {violates(record) for record in with_hidden} == {True, False}
    found = {char for record in with_hidden for char in hidden(judged(record))}
    assert {"\u200b", "\u200d", "\u2060", "\u202e", "\u00ad", "\u0435"} <= found
    assert any(0xE0020 <= ord(char) <= 0xE007E for char in found)
    # A reader of the file must see the escape, not the trick.
    assert not hidden(SAMPLE.read_text(encoding="utf-8"))


def test_orders_to_the_model_are_there_on_both_sides() -> None:
    ordering = [record for record in RECORDS if orders_the_model(judged(record))]
    assert len(ordering) >= 8
    assert {violates(record) for record in ordering} == {True, False}
    assert {record["policy"] for record in ordering} == {"spam", "harassment"}
    joined = "\n".join(judged(record) for record in ordering)
    for trick in ("<|end|><|start|>system<|message|>", "<|im_end|><|im_start|>system", '{"label":"HR0"'):
        assert trick in joined


def test_register_and_length_vary() -> None:
    lengths = sorted(len(judged(record)) for record in RECORDS)
    assert 2300 <= lengths[-1] <= 2700
    assert lengths[0] <= 100
    assert sum("\n\n" in judged(record) for record in RECORDS) >= 4
    assert sum(any(0x1F300 <= ord(char) <= 0x1FAFF for char in judged(record)) for record in RECORDS) >= 15


def test_nothing_points_into_the_real_world() -> None:
    assert {record["id"]: found for record in RECORDS for text in texts(record) if (found := real_world(text))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "see shop.real-store.com/x",
        "http://10.evil/x",
        "w\u200bww.so\u2060mething.de",
        "call +49 30 1234567",
        "via PayPal",
    ],
)
def test_the_search_for_the_real_world_finds_it(text: str) -> None:
    assert real_world(text)


@pytest.mark.parametrize(
    "text", ["example.net/a", "https://pay.login.test/", "555-0142", "mail to a@example.org", "at 9 a.m."]
)
def test_the_search_for_the_real_world_lets_reserved_things_pass(text: str) -> None:
    assert not real_world(text)

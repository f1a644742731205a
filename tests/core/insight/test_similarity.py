"""Texts that are alike stand in one cluster, each text in exactly one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.insight import similarity
from core.insight.similarity import cluster_texts


def test_near_copies_and_strangers() -> None:
    clusters = cluster_texts(
        [
            "Win a free phone today, click here to claim it",
            "The council meets on Thursday about the bridge",
            "Win a free phone now!! click here and claim it",
            "WIN a FREE phone tonight, click here to claim",
            "My tomatoes are ripe",
        ]
    )
    assert clusters == [[0, 2, 3], [1], [4]]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=12))
def test_each_text_stands_in_exactly_one_cluster(texts: list[str]) -> None:
    clusters = cluster_texts(texts)
    assert sorted(index for cluster in clusters for index in cluster) == list(range(len(texts)))
    assert [len(cluster) for cluster in clusters] == sorted(map(len, clusters), reverse=True)


def test_what_is_too_much_to_compare_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similarity, "MOST_TEXTS", 3)
    assert cluster_texts(["the very same words"] * 5) == [[0, 1, 2], [3], [4]]

"""Which texts are alike: clusters by shared words and stretches of characters.

It owns the measure and the threshold. It knows no policy and no verdict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

ALIKE = 0.35
"""Cosine of two texts' weighted stretches of characters from which on they are taken to be alike."""

MOST_TEXTS = 5000
"""Texts compared at once: the work grows with the square. The rest stand alone."""

LONGEST = 4000
"""Characters of a text that count."""


def cluster_texts(texts: Sequence[str]) -> list[list[int]]:
    """Return the indexes of texts that are alike, chained, the largest cluster first; each text stands in one."""
    chosen = [text[:LONGEST] for text in texts[:MOST_TEXTS]]
    labels = _components(chosen) if len(chosen) > 1 else list(range(len(chosen)))
    labels += range(len(chosen), len(texts))  # a component's number is below the number of its texts
    clusters: dict[int, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        clusters[label].append(index)
    return sorted(clusters.values(), key=lambda cluster: (-len(cluster), cluster[0]))


def _components(texts: Sequence[str]) -> list[int]:
    # Loaded when groups are asked for: scikit-learn takes a second to start.
    from scipy.sparse.csgraph import connected_components
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.neighbors import radius_neighbors_graph

    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=1)
    try:
        vectors = vectorizer.fit_transform(texts)
    except ValueError:  # no text has three characters in a row
        return list(range(len(texts)))
    graph = radius_neighbors_graph(vectors, radius=1 - ALIKE, metric="cosine", include_self=False)
    return [int(label) for label in connected_components(graph, directed=False)[1]]

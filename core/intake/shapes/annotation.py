"""Records of annotation tools: Label Studio, Prodigy and Argilla, with the label they carry as `label`.

It owns where each of them keeps text and label. More than one annotation of a record is kept whole in its metadata;
`label` is the one they agree on, or absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.intake.records import RecordError

TEXT_NAMES = ("text", "content", "comment", "message", "body", "post", "prompt", "dialogue", "question")
"""Names under which tools keep the text, most usual first."""


def is_label_studio(record: Mapping[str, Any]) -> bool:
    """Whether a record is a Label Studio task."""
    parts = ("annotations", "predictions", "completions", "is_labeled", "total_annotations")
    return isinstance(record.get("data"), Mapping) and any(part in record for part in parts)


def from_label_studio(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the item record of a task."""
    data = record.get("data")
    if not isinstance(data, Mapping):
        raise RecordError("`data` must be an object")
    done = [each for each in _list(record.get("annotations")) if not each.get("was_cancelled")]
    label = _agreed(choice for each in done for choice in _choices(each))
    return [_item(record.get("id", data.get("id")), data, label, record, dropped=("data", "id"))]


def _choices(annotation: Mapping[str, Any]) -> Iterable[str]:
    for result in _list(annotation.get("result")):
        value = result.get("value")
        if result.get("type") in ("choices", "labels", "hypertextlabels") and isinstance(value, Mapping):
            named = value.get(str(result["type"]))
            yield from (name for name in named if isinstance(name, str)) if isinstance(named, list) else ()


def is_prodigy(record: Mapping[str, Any]) -> bool:
    """Whether a record is a Prodigy example."""
    return "_task_hash" in record or "_input_hash" in record


def from_prodigy(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the item record of an example; its label counts when the answer was to accept."""
    accepted = record.get("answer", "accept") == "accept"
    chosen = record.get("accept")
    named = chosen if isinstance(chosen, list) else [record.get("label")]
    label = _agreed(name for name in named if isinstance(name, str)) if accepted else None
    meta = record.get("meta")
    own_id = record.get("id") or (meta.get("id") if isinstance(meta, Mapping) else None) or record.get("_task_hash")
    return [_item(own_id, record, label, {}, dropped=("id", "label"))]


def is_argilla(record: Mapping[str, Any]) -> bool:
    """Whether a record is one of Argilla, of its second or its first version."""
    second = isinstance(record.get("fields"), Mapping) and any(part in record for part in ("responses", "suggestions"))
    return second or ("annotation_agent" in record or "prediction_agent" in record)


def from_argilla(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the item record of a record of either version."""
    fields = record.get("fields")
    if isinstance(fields, Mapping):
        label = _agreed(_argilla_values(record.get("responses")))
        return [_item(record.get("id"), fields, label, record, dropped=("fields", "id"))]
    inputs = record.get("inputs")
    texts = inputs if isinstance(inputs, Mapping) else {"text": inputs} if isinstance(inputs, str) else record
    annotation = record.get("annotation")
    label = annotation if isinstance(annotation, str) else None
    return [_item(record.get("id"), texts, label, record, dropped=("inputs", "id", "text"))]


def _argilla_values(responses: object) -> Iterable[str]:
    """Yield the submitted values: `{"question": [{"value", "status"}]}`, or a list of `{"values": {…}}`."""
    if isinstance(responses, Mapping):
        for answers in responses.values():
            for answer in _list(answers):
                if isinstance(answer.get("value"), str) and answer.get("status", "submitted") == "submitted":
                    yield answer["value"]
    for response in _list(responses):
        values = response.get("values")
        if isinstance(values, Mapping) and response.get("status", "submitted") == "submitted":
            yield from (
                value["value"]
                for value in values.values()
                if isinstance(value, Mapping) and isinstance(value.get("value"), str)
            )


def _item(
    own_id: object, texts: Mapping[str, Any], label: str | None, rest: Mapping[str, Any], *, dropped: tuple[str, ...]
) -> dict[str, Any]:
    """Return an item record of the text found in `texts`, with everything else kept beside it."""
    turns = next((value for value in texts.values() if _is_chat(value)), None)
    name = next((name for name in TEXT_NAMES if isinstance(texts.get(name), str) and texts[name]), None)
    name = name or next((key for key, value in texts.items() if isinstance(value, str) and len(value) > 20), None)
    kept = {key: value for key, value in texts.items() if key not in (name, *dropped) and value is not turns}
    kept |= {key: value for key, value in rest.items() if key not in dropped}
    # A name of the item format that means something else here would be read as that.
    metadata = {key: value for key, value in kept.items() if value is not None}
    item: dict[str, Any] = {"metadata": metadata}
    if own_id is not None:
        item["id"] = own_id
    if label is not None:
        item["label"] = label
    if turns is not None:
        item["messages"] = [{"role": turn["role"], "content": turn["content"]} for turn in turns]
    elif name is not None:
        item["content"] = texts[name]
    else:
        raise RecordError("no text was found in the record")
    return item


def _is_chat(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(turn, Mapping) and isinstance(turn.get("content"), str) and "role" in turn for turn in value)
    )


def _list(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _agreed(labels: Iterable[str]) -> str | None:
    distinct = set(labels)
    return distinct.pop() if len(distinct) == 1 else None

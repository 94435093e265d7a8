"""Differences between two JSON documents as RFC 6902 patches: `apply(a, diff(a, b)) == b`, by construction.

Lists whose rows all carry an `id` are matched by it: a row that leaves the top of a board is one `remove`, a
changed minute one `replace`. What a reader would get wrong: in Python `1 == True == 1.0`, in JSON these are
three values; `same` tells them apart.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, Final, TypeAlias

Json: TypeAlias = Any
Operation: TypeAlias = dict[str, Any]
Patch: TypeAlias = list[Operation]

#: longer lists than this that lost their order are replaced whole rather than moved row by row
_MOST_MOVES: Final = 500


def diff(old: Json, new: Json) -> Patch:
    """The patch from one document to another; empty when they are the same."""
    patch: Patch = []
    _diff(old, new, "", patch)
    return patch


def apply(document: Json, patch: Patch) -> Json:
    """The document after the patch; what went in is not changed. Raises `ValueError` where it does not fit."""
    result = _copy(document)
    for operation in patch:
        result = _apply_one(result, operation)
    return result


def same(old: Json, new: Json) -> bool:
    """Are two documents the same JSON?"""
    if type(old) is not type(new):
        return False
    if isinstance(old, dict):
        return old.keys() == new.keys() and all(same(value, new[key]) for key, value in old.items())
    if isinstance(old, list):
        return len(old) == len(new) and all(map(same, old, new))
    return bool(old == new)


def _diff(old: Json, new: Json, path: str, patch: Patch) -> None:
    if isinstance(old, dict) and isinstance(new, dict):
        _diff_objects(old, new, path, patch)
    elif isinstance(old, list) and isinstance(new, list):
        _diff_lists(old, new, path, patch)
    elif not same(old, new):
        patch.append({"op": "replace", "path": path, "value": new})


def _diff_objects(old: dict[str, Json], new: dict[str, Json], path: str, patch: Patch) -> None:
    for key in old:
        if key not in new:
            patch.append({"op": "remove", "path": f"{path}/{_escape(key)}"})
    for key, value in new.items():
        if key in old:
            _diff(old[key], value, f"{path}/{_escape(key)}", patch)
        else:
            patch.append({"op": "add", "path": f"{path}/{_escape(key)}", "value": value})


def _diff_lists(old: list[Json], new: list[Json], path: str, patch: Patch) -> None:
    old_ids, new_ids = _ids(old), _ids(new)
    if old_ids is not None and new_ids is not None:
        _diff_rows(dict(zip(old_ids, old, strict=True)), dict(zip(new_ids, new, strict=True)), path, patch)
    else:
        _diff_positions(old, new, path, patch)


def _ids(rows: list[Json]) -> list[str] | None:
    """The rows' ids if every row has one and no two are alike."""
    ids = [row.get("id") if isinstance(row, dict) else None for row in rows]
    texts = [row_id for row_id in ids if isinstance(row_id, str)]
    return texts if len(texts) == len(rows) == len(set(texts)) else None


def _diff_rows(old: dict[str, Json], new: dict[str, Json], path: str, patch: Patch) -> None:
    """Rows by id: what left goes, what stayed is put in order, what is new is added, then fields change."""
    order = list(old)
    for position in range(len(order) - 1, -1, -1):
        if order[position] not in new:
            patch.append({"op": "remove", "path": f"{path}/{position}"})
            del order[position]
    kept = [row_id for row_id in new if row_id in old]
    movers = _movers(order, kept)
    if len(movers) > _MOST_MOVES:
        patch.append({"op": "replace", "path": path, "value": list(new.values())})
        return
    _move(order, kept, movers, path, patch)
    for position, (row_id, row) in enumerate(new.items()):
        if row_id not in old:
            patch.append({"op": "add", "path": f"{path}/{position}", "value": row})
    for position, (row_id, row) in enumerate(new.items()):
        if row_id in old:
            _diff(old[row_id], row, f"{path}/{position}", patch)


def _move(order: list[str], kept: list[str], movers: set[str], path: str, patch: Patch) -> None:
    """Puts each mover right behind its predecessor; all before it in `kept` are in their order by then."""
    before: str | None = None
    for row_id in kept:
        if row_id in movers:
            source = order.index(row_id)
            del order[source]
            target = 0 if before is None else order.index(before) + 1
            order.insert(target, row_id)
            if source != target:
                patch.append({"op": "move", "from": f"{path}/{source}", "path": f"{path}/{target}"})
        before = row_id


def _movers(order: list[str], wanted: list[str]) -> set[str]:
    """The fewest rows to move so that `order` becomes `wanted`: all but a longest rising run."""
    place = {row_id: position for position, row_id in enumerate(order)}
    ends: list[int] = []
    links: list[tuple[int, int]] = []  # (place, index of the row before it in the run)
    tails: list[int] = []
    for index, row_id in enumerate(wanted):
        length = bisect_left(ends, place[row_id])
        links.append((place[row_id], tails[length - 1] if length else -1))
        if length == len(ends):
            ends.append(place[row_id])
            tails.append(index)
        else:
            ends[length], tails[length] = place[row_id], index
    stay = set()
    index = tails[-1] if tails else -1
    while index >= 0:
        stay.add(wanted[index])
        index = links[index][1]
    return set(wanted) - stay


def _diff_positions(old: list[Json], new: list[Json], path: str, patch: Patch) -> None:
    """Lists without ids: what both ends share stays, the middle is matched by position."""
    shortest = min(len(old), len(new))
    head = 0
    while head < shortest and same(old[head], new[head]):
        head += 1
    tail = 0
    while tail < shortest - head and same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    both = shortest - head - tail
    for position in range(head, head + both):
        _diff(old[position], new[position], f"{path}/{position}", patch)
    for position in range(len(old) - tail - 1, head + both - 1, -1):
        patch.append({"op": "remove", "path": f"{path}/{position}"})
    for position in range(head + both, len(new) - tail):
        patch.append({"op": "add", "path": f"{path}/{position}", "value": new[position]})


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _parts(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"not a pointer: {pointer}")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _apply_one(document: Json, operation: Operation) -> Json:
    kind, path = operation["op"], _parts(operation["path"])
    if kind == "move":
        value = _take(document, _parts(operation["from"]))
        return _put(document, path, value, insert=True)
    if kind == "remove":
        _take(document, path)
        return document
    if kind in ("add", "replace"):
        return _put(document, path, _copy(operation["value"]), insert=kind == "add")
    raise ValueError(f"unknown operation {kind}")


def _take(document: Json, path: list[str]) -> Json:
    if not path:
        raise ValueError("the whole document cannot be removed")
    holder = _find(document, path[:-1])
    return holder.pop(_index(path[-1], len(holder) - 1) if isinstance(holder, list) else _key(holder, path[-1]))


def _put(document: Json, path: list[str], value: Json, *, insert: bool) -> Json:
    if not path:
        return value
    holder, last = _find(document, path[:-1]), path[-1]
    if isinstance(holder, list) and insert:
        holder.insert(len(holder) if last == "-" else _index(last, len(holder)), value)
    elif isinstance(holder, list):
        holder[_index(last, len(holder) - 1)] = value
    elif isinstance(holder, dict):
        holder[last if insert else _key(holder, last)] = value
    else:
        raise ValueError(f"nothing can stand at {last}")
    return document


def _find(document: Json, path: list[str]) -> Json:
    for part in path:
        document = (
            document[_index(part, len(document) - 1)] if isinstance(document, list) else document[_key(document, part)]
        )
    return document


def _key(holder: Json, part: str) -> str:
    if not isinstance(holder, dict) or part not in holder:
        raise ValueError(f"nothing at {part}")
    return part


def _index(part: str, last: int) -> int:
    if not part.isascii() or not part.isdigit() or int(part) > last:
        raise ValueError(f"no place {part} in the list")
    return int(part)


def _copy(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_copy(inner) for inner in value]
    return value

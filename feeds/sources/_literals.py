"""A Python file of settings (pelicanconf.py, conf.py) read, never run: simple assignments of what stands there.

Private to sources.  What an expression needs more than literals and earlier names for is unknown, and its line is kept.
"""

from __future__ import annotations

import ast
from typing import Any

from msgspec import Struct

LIMIT = 500_000  # bytes of one file
LONGEST = 100_000  # characters or members of one value


class Literals(Struct, frozen=True):
    """The names that a file sets: their values, and the lines of those that only running it would tell."""

    values: dict[str, Any]
    unknown: dict[str, int]
    stars: tuple[str, ...] = ()  # modules that everything is imported from
    error: str = ""  # why the file cannot be read
    line: int = 0


class _Unknown(Exception):
    """Not a literal."""


def read(data: bytes, known: dict[str, Any] | None = None) -> Literals:
    """The names that a file sets, `known` those that it imports.  Never raises."""
    if len(data) > LIMIT:
        return Literals({}, {}, error=f"more than {LIMIT:,} bytes")
    try:
        tree = ast.parse(data)
    except SyntaxError as error:
        return Literals({}, {}, error=f"not Python: {error.msg}", line=error.lineno or 0)
    except (ValueError, RecursionError, MemoryError) as error:
        return Literals({}, {}, error=f"not Python: {error}"[:200])
    values, unknown, stars = dict(known or {}), dict[str, int](), list[str]()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and any(a.name == "*" for a in node.names):
            stars.append(node.module or "")
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            _assign(node, values, unknown)
        else:
            _set_inside(node, values, unknown)
    return Literals(values, unknown, tuple(stars))


def _assign(node: ast.Assign | ast.AnnAssign | ast.AugAssign, values: dict[str, Any], unknown: dict[str, int]) -> None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        if not isinstance(target, ast.Name) or node.value is None:
            _set_item(target, node, values, unknown)
            continue
        try:
            value = _value(node.value, values, 0)
            if isinstance(node, ast.AugAssign):
                value = _sum(node.op, _value(ast.Name(target.id), values, 0), value)
            values[target.id] = value
            unknown.pop(target.id, None)
        except _Unknown:
            values.pop(target.id, None)
            unknown[target.id] = node.lineno


def _set_item(target: ast.expr, node: ast.stmt, values: dict[str, Any], unknown: dict[str, int]) -> None:
    """`NAME["key"] = …` and `a, B = …`: none of the names is known afterwards."""
    names = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
    for name in names & (values.keys() | names):
        values.pop(name, None)
        unknown[name] = node.lineno


def _set_inside(node: ast.stmt, values: dict[str, Any], unknown: dict[str, int]) -> None:
    """What is set inside `if`, `try`, `for` or `with` depends on what only running it tells; definitions do not."""
    if not isinstance(node, (ast.If, ast.Try, ast.For, ast.While, ast.With)):
        return
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            values.pop(inner.id, None)
            unknown[inner.id] = inner.lineno


def _value(node: ast.expr, names: dict[str, Any], depth: int) -> Any:
    """The value of a literal, a known name, or a sum of them; raises _Unknown."""
    if depth > 50:
        raise _Unknown
    match node:
        case ast.Constant(value=str() | bytes() | int() | float() | None as value):
            return value
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.List(elts=members) | ast.Set(elts=members):
            return [_value(m, names, depth + 1) for m in members]
        case ast.Tuple(elts=members):
            return tuple(_value(m, names, depth + 1) for m in members)
        case ast.Dict(keys=keys, values=values) if None not in keys:
            return {_key(k, names): _value(v, names, depth + 1) for k, v in zip(keys, values, strict=True) if k}
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.BinOp(left=left, op=ast.Add() as op, right=right):
            return _sum(op, _value(left, names, depth + 1), _value(right, names, depth + 1))
        case ast.JoinedStr(values=parts):
            return _limited("".join(_piece(p, names, depth + 1) for p in parts))
    raise _Unknown


def _key(node: ast.expr, names: dict[str, Any]) -> Any:
    key = _value(node, names, 1)
    if not isinstance(key, (str, int, float, bytes)):
        raise _Unknown
    return key


def _piece(node: ast.expr, names: dict[str, Any], depth: int) -> str:
    if isinstance(node, ast.FormattedValue) and (node.format_spec or node.conversion != -1):
        raise _Unknown
    value = _value(node.value if isinstance(node, ast.FormattedValue) else node, names, depth)
    if not isinstance(value, (str, int)):
        raise _Unknown
    return str(value)


def _sum(op: ast.operator, left: Any, right: Any) -> Any:
    if isinstance(op, ast.Add) and type(left) is type(right) and isinstance(left, (str, list, tuple)):
        return _limited(left + right)
    raise _Unknown


def _limited(value: Any) -> Any:
    if len(value) > LONGEST:
        raise _Unknown
    return value

/**
 * RFC 6902 JSON Patch, copy on write: the document that went in is never changed, untouched parts are shared.
 * An operation that does not fit throws, and the caller asks for a whole snapshot instead of guessing.
 */

export type Operation =
  | { op: "add" | "replace" | "test"; path: string; value: unknown }
  | { op: "remove"; path: string }
  | { op: "move" | "copy"; from: string; path: string };

export class PatchError extends Error {}

type Key = string | number;

export function applyPatch<T>(document: T, patch: readonly Operation[]): T {
  return patch.reduce<unknown>(applyOne, document) as T;
}

function applyOne(document: unknown, operation: Operation): unknown {
  const path = parsePointer(operation.path);
  switch (operation.op) {
    case "add":
      return add(document, path, operation.value);
    case "remove":
      return remove(document, path);
    case "replace":
      return replace(document, path, operation.value);
    case "test":
      if (!equal(get(document, path), operation.value)) throw new PatchError(`test failed at ${operation.path}`);
      return document;
    case "copy":
      return add(document, path, get(document, parsePointer(operation.from)));
    case "move": {
      if (operation.path.startsWith(`${operation.from}/`)) throw new PatchError("cannot move a value into itself");
      const from = parsePointer(operation.from);
      return add(remove(document, from), path, get(document, from));
    }
    default:
      throw new PatchError(`unknown operation ${String((operation as { op: unknown }).op)}`);
  }
}

function parsePointer(pointer: string): string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw new PatchError(`not a pointer: ${pointer}`);
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function get(document: unknown, path: readonly string[]): unknown {
  return path.reduce((value, part) => child(value, keyIn(value, part)), document);
}

function add(document: unknown, path: readonly string[], value: unknown): unknown {
  if (path.length === 0) return value;
  return changeParent(document, path, (parent, part) => {
    if (!Array.isArray(parent)) {
      define(parent, part, value);
      return;
    }
    const index = part === "-" ? parent.length : arrayIndex(part, parent.length);
    parent.splice(index, 0, value);
  });
}

function remove(document: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return null;
  return changeParent(document, path, (parent, part) => {
    const key = keyIn(parent, part);
    if (Array.isArray(parent)) parent.splice(key as number, 1);
    else delete parent[key];
  });
}

function replace(document: unknown, path: readonly string[], value: unknown): unknown {
  if (path.length === 0) return value;
  return changeParent(document, path, (parent, part) => {
    const key = keyIn(parent, part);
    if (Array.isArray(parent)) parent[key as number] = value;
    else define(parent, part, value);
  });
}

type Container = unknown[] | Record<string, unknown>;

/** Copies the containers along the path and lets `change` alter the copy of the last one. */
function changeParent(
  document: unknown,
  path: readonly string[],
  change: (parent: Container, part: string) => void,
): unknown {
  const copy = shallowCopy(document);
  const [part, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) {
    change(copy, part);
    return copy;
  }
  const key = keyIn(copy, part);
  const inner = changeParent(child(copy, key), rest, change);
  if (Array.isArray(copy)) copy[key as number] = inner;
  else define(copy, part, inner);
  return copy;
}

function shallowCopy(value: unknown): Container {
  if (Array.isArray(value)) return value.slice();
  if (typeof value === "object" && value !== null) return { ...(value as Record<string, unknown>) };
  throw new PatchError("the path leads through a value that holds nothing");
}

/** A key called `__proto__` must become a field like any other. */
function define(parent: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, writable: true, configurable: true });
}

function keyIn(container: unknown, part: string): Key {
  if (Array.isArray(container)) return arrayIndex(part, container.length - 1);
  if (typeof container === "object" && container !== null && Object.hasOwn(container, part)) return part;
  throw new PatchError(`nothing at ${part}`);
}

function arrayIndex(part: string, last: number): number {
  const index = Number(part);
  if (!/^(0|[1-9]\d*)$/.test(part) || index > last) throw new PatchError(`no place ${part} in the list`);
  return index;
}

function child(container: unknown, key: Key): unknown {
  return (container as Record<Key, unknown>)[key];
}

function equal(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const a = left as Record<string, unknown>;
  const b = right as Record<string, unknown>;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

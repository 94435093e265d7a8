import { describe, expect, it } from "vitest";
import { applyPatch, type Operation, PatchError } from "../src/core/patch";

describe("JSON Patch", () => {
  const cases: [string, unknown, Operation[], unknown][] = [
    ["adds a field", { a: 1 }, [{ op: "add", path: "/b", value: 2 }], { a: 1, b: 2 }],
    ["inserts into a list", [1, 3], [{ op: "add", path: "/1", value: 2 }], [1, 2, 3]],
    ["appends with -", [1], [{ op: "add", path: "/-", value: 2 }], [1, 2]],
    ["removes", { a: [1, 2] }, [{ op: "remove", path: "/a/0" }], { a: [2] }],
    ["replaces deep", { a: { b: [1] } }, [{ op: "replace", path: "/a/b/0", value: 9 }], { a: { b: [9] } }],
    ["replaces the whole", { a: 1 }, [{ op: "replace", path: "", value: [] }], []],
    ["moves within a list", ["a", "b", "c"], [{ op: "move", from: "/2", path: "/0" }], ["c", "a", "b"]],
    ["copies", { a: 1 }, [{ op: "copy", from: "/a", path: "/b" }], { a: 1, b: 1 }],
    ["reads escapes", { "a/b": { "~": 1 } }, [{ op: "replace", path: "/a~1b/~0", value: 2 }], { "a/b": { "~": 2 } }],
    ["accepts a true test", { a: [1, { b: null }] }, [{ op: "test", path: "/a", value: [1, { b: null }] }], { a: [1, { b: null }] }],
    ["keeps a field named __proto__", {}, [{ op: "add", path: "/__proto__", value: 1 }], JSON.parse('{"__proto__":1}')],
  ];
  it.each(cases)("%s", (_, document, patch, expected) => {
    const before = structuredClone(document);
    expect(applyPatch(document, patch)).toEqual(expected);
    expect(document).toEqual(before);
  });

  const refused: [string, unknown, Operation][] = [
    ["a path that is not there", { a: 1 }, { op: "replace", path: "/b", value: 1 }],
    ["an index beyond the list", [1], { op: "add", path: "/2", value: 1 }],
    ["an index with a leading zero", [1, 2], { op: "remove", path: "/01" }],
    ["a failed test", { a: 1 }, { op: "test", path: "/a", value: 2 }],
    ["a move into itself", { a: { b: 1 } }, { op: "move", from: "/a", path: "/a/b" }],
    ["an inherited field", {}, { op: "remove", path: "/toString" }],
  ];
  it.each(refused)("refuses %s", (_, document, operation) => {
    expect(() => applyPatch(document, [operation])).toThrow(PatchError);
  });

  it("shares what it did not touch", () => {
    const document = { a: { big: [1] }, b: 1 };
    expect(applyPatch(document, [{ op: "replace", path: "/b", value: 2 }]).a).toBe(document.a);
  });
});

/** What the shared code uses and Chromium 64 has not. Each does what the shared code needs of it, and no more. */

function define(holder: object, name: string, value: unknown): void {
  if (!(name in holder)) Object.defineProperty(holder, name, { value, configurable: true, writable: true });
}

define(Array.prototype, "flat", function (this: unknown[]): unknown[] {
  return ([] as unknown[]).concat(...this);
});
define(Array.prototype, "flatMap", function (this: unknown[], change: (item: unknown, index: number) => unknown): unknown[] {
  return ([] as unknown[]).concat(...this.map((item, index) => change(item, index)));
});
define(Array.prototype, "at", function (this: unknown[], index: number): unknown {
  return this[index < 0 ? this.length + index : index];
});
define(Object, "hasOwn", (holder: object, name: string): boolean => Object.prototype.hasOwnProperty.call(holder, name));
define(Object, "fromEntries", (entries: Iterable<[string, unknown]>): Record<string, unknown> => {
  const made: Record<string, unknown> = {};
  for (const [name, value] of entries) made[name] = value;
  return made;
});
define(String.prototype, "replaceAll", function (this: string, from: string, to: string): string {
  return this.split(from).join(to);
});

export {};

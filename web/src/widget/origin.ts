/**
 * Where this script came from. It may be a module or a classic script, so `import.meta` cannot be used; and it may
 * have been brought in by another script, so its own name in a stack trace is the surest witness.
 */

const NAME = /(https?:\/\/[^\s()@]+?\/widget\.js)/;

export function scriptOrigin(): string {
  const current = document.currentScript;
  const address =
    (current instanceof HTMLScriptElement && current.src) ||
    NAME.exec(new Error().stack ?? "")?.[1] ||
    [...document.scripts].map((script) => script.src).reverse().find((src) => NAME.test(src));
  return address ? new URL(address, location.href).origin : location.origin;
}

// Writes the extensions into the imports of the client's type declarations: consumers that resolve as Node does need them.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const types = fileURLToPath(new URL("../client/dist/types", import.meta.url));
const files = readdirSync(types, { recursive: true, withFileTypes: true }).filter((file) => file.name.endsWith(".d.ts"));
for (const file of files) {
  const path = join(file.parentPath, file.name);
  writeFileSync(path, readFileSync(path, "utf8").replace(/(from |import\()"(\.{1,2}\/[^"]+?)(?:\.js)?"/g, '$1"$2.js"'));
}

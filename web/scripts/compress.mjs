// Writes a .gz beside every file of the build that shrinks: the server sends it to who can read it.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const SMALLEST = 1024;
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((file) => /\.(js|css|html|svg|json)$/.test(file.name));
for (const file of files) {
  const path = join(file.parentPath, file.name);
  const body = readFileSync(path);
  if (body.length >= SMALLEST) writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
}

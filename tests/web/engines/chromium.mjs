// Prints the path of a Chromium for the tests: SMARTREISE_CHROMIUM where it is set, else the one inside
// @sparticuz/chromium, unpacked at first use beside the package: the system's temporary folder, where it would
// go by itself, may hold another user's.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("node_modules/.cache/chromium", import.meta.url));
mkdirSync(folder, { recursive: true });
process.env.TMPDIR = folder;
const { default: chromium } = await import("@sparticuz/chromium");

process.stdout.write(`${process.env.SMARTREISE_CHROMIUM ?? (await chromium.executablePath())}\n`);

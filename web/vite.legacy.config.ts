import { resolve } from "node:path";
import { defineConfig } from "vite";

// The basic board for old signage players: one classic script, its syntax lowered to what Chromium 64 reads.
export default defineConfig({
  publicDir: false,
  build: {
    target: "chrome61",
    emptyOutDir: false,
    lib: {
      entry: resolve(import.meta.dirname, "src/legacy/main.ts"),
      formats: ["iife"],
      name: "smartReiseLegacy",
      fileName: () => "legacy.js",
    },
  },
});

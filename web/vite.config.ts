import { resolve } from "node:path";
import { defineConfig } from "vite";
import { version } from "./package.json" with { type: "json" };

const pages = ["index", "office", "status", "embed", "frame", "docs", "display", "admin", "preview", "stop", "handover"];

// The pages, all of whose code and fonts are files of our own origin: a content policy of 'self' fits them.
export default defineConfig({
  base: "/",
  define: { __VERSION__: JSON.stringify(version) },
  build: {
    target: "es2020",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1700,
    rollupOptions: {
      input: {
        ...Object.fromEntries(pages.map((page) => [page, resolve(import.meta.dirname, `${page}.html`)])),
        sw: resolve(import.meta.dirname, "src/worker.ts"),
      },
      // a service worker's address never changes
      output: { entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
});

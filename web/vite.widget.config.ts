import { resolve } from "node:path";
import { defineConfig } from "vite";

// The widget: one file that works as a module and as a classic script. It joins the pages that are already built.
export default defineConfig({
  publicDir: false,
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    target: "es2020",
    emptyOutDir: false,
    lib: {
      entry: resolve(import.meta.dirname, "src/widget/main.ts"),
      formats: ["iife"],
      name: "smartReise",
      fileName: () => "widget.js",
    },
  },
});

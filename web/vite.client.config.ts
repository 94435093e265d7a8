import { resolve } from "node:path";
import { defineConfig } from "vite";

// The package @smart-reise/client: one module without dependencies. Its types are written by tsconfig.client.json.
export default defineConfig({
  publicDir: false,
  build: {
    target: "es2022",
    outDir: "client/dist",
    minify: false,
    lib: { entry: resolve(import.meta.dirname, "src/client/index.ts"), formats: ["es"], fileName: () => "index.js" },
  },
});

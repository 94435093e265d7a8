/** Asks the service worker to hold this page, so that it starts without network too. */

/** By then what a page loads late (the map) is there as well. */
const SETTLED_MS = 8_000;

export function keepOffline(): void {
  if (!("serviceWorker" in navigator)) return; // plain http, or an old browser: the page needs a network to start
  if (document.readyState === "complete") void register();
  else addEventListener("load", () => void register(), { once: true });
}

async function register(): Promise<void> {
  try {
    await navigator.serviceWorker.register("/sw.js");
    const { active } = await navigator.serviceWorker.ready;
    if (!active) return;
    tell(active, false);
    setTimeout(() => tell(active, true), SETTLED_MS);
  } catch {
    // A private window or a policy forbids it: the page works, only not without network.
  }
}

function tell(worker: ServiceWorker, settled: boolean): void {
  const files = performance.getEntriesByType("resource").map((entry) => entry.name);
  const own = [...new Set(files)].filter((name) => name.startsWith(location.origin));
  worker.postMessage({ type: "keep", page: location.pathname, files: own, settled });
}

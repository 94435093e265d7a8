/**
 * The service worker of all pages: what a page needs to start, held for a start without network.
 *
 * What a reader would get wrong: it holds no departures. Those a page keeps itself (core/held.ts), with the time they
 * were true at. Pages come from the network first, so a new version shows at the next load; files with a hash in
 * their name never change and come from the cache first. Nothing that needed a sign-in is ever held.
 */

declare const self: ServiceWorkerGlobalScope;

interface Keep {
  type: "keep";
  page: string;
  files: string[];
  /** The list is whole: what no page names any more may go. */
  settled: boolean;
}

const CACHE = "smartreise-1";
const LISTS = "/sw/lists";
/** A page that the network does not bring within this time comes from the cache. */
const PATIENCE_MS = 5_000;
const PAGES = new Set(["", "office", "display", "stop", "s", "status"]);
/** What maps and menus are drawn from; it changes with the timetable, not by the minute. */
const HELD_DATA = /^\/v1\/(basemap|network|offices|map)$/;
/** The first script of a screen's page, without a hash in its name. */
const HELD_SCRIPT = /^\/boot\.js$/;
const HELD_FILE = /^\/(assets\/.+|icon[^/]*\.(png|svg)|manifest\.webmanifest)$/;

self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  const told = event.data as Partial<Keep> | null;
  if (told?.type === "keep") event.waitUntil(keep(told as Keep));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || request.headers.has("Authorization")) return;
  if (request.mode === "navigate") {
    const page = pageOf(url);
    if (page !== null) event.respondWith(networkFirst(request, page));
  } else if (HELD_FILE.test(url.pathname)) {
    event.respondWith(cacheFirst(request));
  } else if ((HELD_DATA.test(url.pathname) && url.search === "") || HELD_SCRIPT.test(url.pathname)) {
    event.respondWith(networkFirst(request, url.pathname));
  }
});

/** All offices share one page, and so do all stops; null for a page that is not held. */
function pageOf(url: URL): string | null {
  const first = (url.pathname.split("/")[1] ?? "").replace(/^S$/, "s");
  return PAGES.has(first) && !url.searchParams.has("plain") ? `/${first}` : null;
}

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function networkFirst(request: Request, key: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const fetched = fetch(request).then(async (answer) => {
    if (answer.status >= 500) throw new Error(`the server answers ${answer.status}`);
    if (answer.ok && !answer.redirected) await cache.put(key, answer.clone());
    return answer;
  });
  try {
    return await within(PATIENCE_MS, fetched);
  } catch {
    return (await cache.match(key)) ?? fetched;
  }
}

async function cacheFirst(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const held = await cache.match(request);
  if (held) return held;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too slow")), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** The first page was loaded before there was a worker: fetch what it is made of, and drop what no page is made of. */
async function keep(told: Keep): Promise<void> {
  const page = pageOf(new URL(told.page, self.location.origin));
  if (page === null) return;
  const cache = await caches.open(CACHE);
  if (!(await cache.match(page))) await add(cache, told.page, page);
  const paths = told.files.map((file) => new URL(file, self.location.origin).pathname);
  const files = paths.filter((path) => HELD_FILE.test(path) || HELD_SCRIPT.test(path));
  for (const file of files) {
    if (!(await cache.match(file))) await add(cache, file, file);
  }
  if (told.settled) await prune(cache, page, files);
}

async function add(cache: Cache, address: string, key: string): Promise<void> {
  try {
    const answer = await fetch(address);
    if (answer.ok) await cache.put(key, answer);
  } catch {
    // The network went meanwhile: the next visit tries again.
  }
}

async function prune(cache: Cache, page: string, files: string[]): Promise<void> {
  const held = await cache.match(LISTS);
  const lists = { ...(held ? ((await held.json()) as Record<string, string[]>) : {}), [page]: files };
  await cache.put(LISTS, new Response(JSON.stringify(lists), { headers: { "Content-Type": "application/json" } }));
  const needed = new Set(Object.values(lists).flat());
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/assets/") && !needed.has(pathname)) await cache.delete(request);
  }
}

export {};

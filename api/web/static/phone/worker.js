// Keeps the phone's page for days without a network: asks the city first, falls back to what is kept.
// Reports and tours are not its business: they live in the page's own store.

const KEPT = "stadtwart-tour";
const LIMIT_MS = 4_000; // a weak network is no network
const PAGE = "/tour/";
const FILES = [
  PAGE,
  "/tour/manifest.webmanifest",
  "/static/icon.svg",
  "/static/page.css",
  "/static/phone/phone.css",
  "/static/vendor/kern/kern.min.css",
  "/static/vendor/kern/FiraSans-Regular.woff2",
  "/static/vendor/kern/FiraSans-SemiBold.woff2",
  "/static/i18n/de.json",
  "/static/i18n/en.json",
  "/static/api.js",
  "/static/dom.js",
  "/static/i18n.js",
  "/static/new_id.js",
  "/static/state.js",
  "/static/time.js",
  "/static/trees_words.js",
  "/static/words.js",
  "/static/phone/phone.js",
  "/static/phone/queue.js",
  "/static/phone/sign_in.js",
  "/static/phone/stop.js",
  "/static/phone/store.js",
  "/static/phone/tour.js",
];

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  const ours = address.origin === location.origin && event.request.method === "GET";
  if (!ours) return;
  if (event.request.mode === "navigate" && address.pathname.startsWith(PAGE)) return event.respondWith(answer(event.request, PAGE));
  if (address.pathname.startsWith("/static/") || address.pathname.startsWith(PAGE))
    event.respondWith(answer(event.request, address.pathname));
});

async function keepAll() {
  const cache = await caches.open(KEPT);
  await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
  await self.skipWaiting();
}

/** Ask the city; where it does not answer soon, or with a fault, give what is kept. */
async function answer(request, name) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(name);
  try {
    const fresh = await (kept ? within(fetch(request), LIMIT_MS) : fetch(request));
    if (fresh.ok) await cache.put(name, fresh.clone());
    return fresh.ok || !kept ? fresh : kept;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

const within = (promise, limit_ms) =>
  Promise.race([
    promise,
    new Promise((_, reject) => setTimeout(() => reject(new Error(`no answer in ${limit_ms} ms`)), limit_ms)),
  ]);

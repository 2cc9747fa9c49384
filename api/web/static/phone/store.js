// What the phone keeps: tours to read offline, and reports until the city has them (IndexedDB).

const NAME = "stadtwart-phone";
const VERSION = 1;
let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("tours", { keyPath: "tour_id" });
      request.result.createObjectStore("reports", { keyPath: "report_id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** Run `work(store)` in one transaction; resolves with its request's result once all is on the disk. */
async function transact(name, mode, work) {
  const transaction = (await database()).transaction(name, mode, { durability: "strict" });
  const request = work(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

export const keepTour = (kept) => transact("tours", "readwrite", (store) => store.put(kept));
export const keptTour = (tour_id) => transact("tours", "readonly", (store) => store.get(tour_id));
export const keptTours = () => transact("tours", "readonly", (store) => store.getAll());
export const forgetTour = (tour_id) => transact("tours", "readwrite", (store) => store.delete(tour_id));
export const keepReport = (report) => transact("reports", "readwrite", (store) => store.put(report));
export const keptReports = () => transact("reports", "readonly", (store) => store.getAll());
export const forgetReport = (report_id) => transact("reports", "readwrite", (store) => store.delete(report_id));

/** Change a report in one step, so that undo and sending never both win; null where `change` refuses. */
export async function changeReport(report_id, change) {
  let result = null;
  await transact("reports", "readwrite", (store) => {
    const request = store.get(report_id);
    request.onsuccess = () => {
      result = request.result ? change(request.result) : null;
      if (result === "delete") store.delete(report_id);
      else if (result) store.put(result);
    };
  });
  return result;
}

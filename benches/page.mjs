// What a page costs its reader: `node benches/page.mjs CHROMIUM PAGE.html …` opens each as a file, in a browser of its own, and
// prints its bytes, the CPU seconds (user and system) of all processes of the browser from the address to rest, the seconds by
// the clock, the memory of the scripts and what was asked of the network. At rest is a browser that is ready and then takes less
// than a twentieth of a core for two seconds; these are not counted.
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser } from "../crates/datagora-viz/tests/browser/browser.mjs";

/** Hundredths of a second, as Linux counts on the machines that there are. */
const TICKS = 100;
const [chromium, ...files] = process.argv.slice(2);

/** CPU seconds of a process and all that it started. */
function cpu(root) {
  const all = new Map();
  for (const id of readdirSync("/proc").filter(name => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${id}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
      // Parent; time of its own, and of children that have ended.
      all.set(Number(id), { parent: Number(words[1]), ticks: words.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) });
    } catch {
      // It has ended since.
    }
  }
  const ours = id => id === root || (all.has(id) && ours(all.get(id).parent));
  let sum = 0;
  for (const [id, { ticks }] of all) if (ours(id)) sum += ticks;
  return sum / TICKS;
}

const pause = seconds => new Promise(done => setTimeout(done, 1000 * seconds));

console.log("page\tmegabytes\tcpu_s\twall_s\theap_mb\trequests");
for (const file of files) {
  const browser = await Browser.launch(chromium);
  try {
    const page = await browser.page();
    await pause(1);
    const [from, begin] = [cpu(browser.process.pid), Date.now()];
    await page.open(pathToFileURL(resolve(file)).href);
    await page.until("document.documentElement.dataset.map === 'ready'", 300);
    let [used, seen] = [cpu(browser.process.pid), Date.now()];
    for (let still = 0; still < 4;) {
      await pause(0.5);
      const now = cpu(browser.process.pid);
      if (now - used <= 0.025) {
        still += 1;
      } else {
        [still, used, seen] = [0, now, Date.now()];
      }
    }
    const heap = await page.eval("performance.memory.usedJSHeapSize");
    const own = pathToFileURL(resolve(file)).href;
    const requests = page.requests.filter(url => !url.startsWith(own) && !/^(blob|data):/.test(url));
    const row = [statSync(file).size / 1e6, used - from, (seen - begin) / 1000, heap / 1e6].map(value => value.toFixed(2));
    console.log([file.split("/").pop(), ...row, requests.length].join("\t"));
    if (page.troubles.length > 0) console.error(page.troubles.join("\n"));
    if (process.env.SHOTS) writeFileSync(`${file}.png`, await page.screenshot());
  } finally {
    await browser.close();
  }
}

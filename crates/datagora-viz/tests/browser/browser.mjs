// A browser, driven over a pipe by the DevTools protocol: no packages, no ports.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";

const FLAGS = [
  "--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--hide-scrollbars", "--no-first-run", "--disable-extensions",
  "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--disable-quic",
  "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--force-color-profile=srgb",
];

/** The rules of axe-core that every page is held to. */
export const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"];

export class Browser {
  static async launch(path, flags = []) {
    const browser = new Browser();
    browser.home = mkdtempSync(join(tmpdir(), "map-browser-"));
    const all = [...FLAGS, `--user-data-dir=${browser.home}`, ...flags, "about:blank"];
    browser.process = spawn(path, all, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    browser.waiting = new Map();
    browser.listeners = new Set();
    browser.last = 0;
    let rest = Buffer.alloc(0);
    browser.process.stdio[4].on("data", chunk => {
      rest = Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        browser.receive(JSON.parse(rest.subarray(0, end).toString()));
        rest = rest.subarray(end + 1);
      }
    });
    browser.process.on("exit", () => {
      for (const { reject } of browser.waiting.values()) reject(new Error("the browser ended"));
    });
    await browser.send("Browser.getVersion");
    return browser;
  }
  receive(message) {
    if (message.id) {
      const { resolve, reject, method } = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.error) reject(new Error(`${method}: ${message.error.message}`));
      else resolve(message.result);
    } else {
      for (const listener of this.listeners) listener(message);
    }
  }
  send(method, params = {}, sessionId) {
    const id = ++this.last;
    this.process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject, method }));
  }
  async close() {
    const ended = new Promise(resolve => this.process.once("exit", resolve));
    await this.send("Browser.close");
    await ended;
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
  /** A page of its own; `media` are features such as { "prefers-color-scheme": "dark" }. */
  async page({ width = 1280, height = 900, media = {}, scripts = true } = {}) {
    const { browserContextId } = await this.send("Target.createBrowserContext");
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank", browserContextId });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId, browserContextId);
    await Promise.all(["Page", "Runtime", "Log", "Network"].map(domain => page.send(`${domain}.enable`)));
    await page.size(width, height);
    // Whatever other pages are open: keys go where this page has its focus.
    await page.send("Emulation.setFocusEmulationEnabled", { enabled: true });
    const features = Object.entries(media).map(([name, value]) => ({ name, value }));
    await page.send("Emulation.setEmulatedMedia", { features });
    if (!scripts) await page.send("Emulation.setScriptExecutionDisabled", { value: true });
    return page;
  }
}

export class Page {
  constructor(browser, session, context) {
    Object.assign(this, { browser, session, context, troubles: [], requests: [] });
    this.listener = ({ sessionId, method, params }) => {
      if (sessionId !== session) return;
      if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
      if (method === "Runtime.exceptionThrown") {
        this.troubles.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
      }
      if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level)) this.troubles.push(params.entry.text);
      if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type)) {
        this.troubles.push(params.args.map(arg => arg.description ?? arg.value).join(" "));
      }
    };
    browser.listeners.add(this.listener);
  }
  send(method, params) {
    return this.browser.send(method, params, this.session);
  }
  size(width, height) {
    return this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  }
  async open(url) {
    const loaded = new Promise(resolve => {
      const listener = ({ sessionId, method }) => {
        if (sessionId !== this.session || method !== "Page.loadEventFired") return;
        this.browser.listeners.delete(listener);
        resolve();
      };
      this.browser.listeners.add(listener);
    });
    await this.send("Page.navigate", { url });
    await loaded;
  }
  async eval(expression) {
    const { result, exceptionDetails } =
      await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true, userGesture: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }
  /** Waits until an expression is true; its value. */
  async until(expression, seconds = 30) {
    const end = Date.now() + 1000 * seconds;
    for (;;) {
      const value = await this.eval(expression);
      if (value) return value;
      if (Date.now() > end) throw new Error(`never true in ${seconds} s: ${expression}\n${this.troubles.join("\n")}`);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
  async key(key, code = key, text = "") {
    const virtual = { Tab: 9, Enter: 13, Escape: 27, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, PageUp: 33, PageDown: 34, Home: 36, End: 35, "+": 187, "-": 189 };
    const params = { key, code, text, windowsVirtualKeyCode: virtual[key] };
    await this.send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", ...params });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...params });
  }
  /** The places that Tab reaches from here on, this many at most: their size, that of the label around them, whether they show the focus. */
  async stops(most) {
    const found = [];
    for (let step = 0; step < most; step++) {
      await this.key("Tab");
      const stop = await this.eval(`(() => {
        const one = document.activeElement;
        if (!one || one === document.body) return null;
        const style = getComputedStyle(one);
        const size = of => { const { width, height } = of.getBoundingClientRect(); return { width, height }; };
        const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        return { what: one.outerHTML.slice(0, 120), outlined, ...size(one), target: size(one.closest("label") ?? one) };
      })()`);
      if (!stop) break;
      found.push(stop);
    }
    return found;
  }
  async click(x, y) {
    for (const type of ["mouseMoved", "mousePressed", "mouseReleased"]) {
      await this.send("Input.dispatchMouseEvent", { type, x, y, button: type === "mouseMoved" ? "none" : "left", clickCount: 1 });
    }
  }
  async hover(x, y) {
    await this.send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y, button: "none" });
  }
  async screenshot(clip) {
    const params = clip ? { clip: { ...clip, scale: 1 } } : { captureBeyondViewport: true };
    const { data } = await this.send("Page.captureScreenshot", { format: "png", ...params });
    return Buffer.from(data, "base64");
  }
  async close() {
    this.browser.listeners.delete(this.listener);
    await this.browser.send("Target.disposeBrowserContext", { browserContextId: this.context });
  }
}

/** Width, height and [red, green, blue] of a place of a PNG of 8 bits a channel, as browsers write them. */
export function readPng(png) {
  const parts = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const [width, height, channels] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25] === 6 ? 4 : 3];
  const raw = inflateSync(Buffer.concat(parts));
  const long = width * channels;
  const out = Buffer.alloc(long * height);
  const near = (row, at) => (row >= 0 && at >= 0 ? out[row * long + at] : 0);
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (long + 1)];
    for (let at = 0; at < long; at++) {
      const left = near(row, at - channels);
      const above = near(row - 1, at);
      const corner = near(row - 1, at - channels);
      const guess = left + above - corner;
      const [toLeft, toAbove, toCorner] = [left, above, corner].map(value => Math.abs(guess - value));
      const paeth = toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
      const add = [0, left, above, (left + above) >> 1, paeth][filter];
      out[row * long + at] = (raw[row * (long + 1) + 1 + at] + add) & 255;
    }
  }
  const at = (x, y) => [...out.subarray((y * width + x) * channels, (y * width + x) * channels + 3)];
  return { width, height, at };
}

// What the page holds as text: programs, tiles, features.

/** The bytes of an element with base64; its text is dropped, so that a large archive is not held twice. */
function take(id) {
  const element = document.getElementById(id);
  const text = element.textContent;
  element.remove();
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

function unpacked(bytes) {
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
}

async function unzipped(bytes) {
  return await unpacked(bytes).text();
}

/** Data that the page holds for its programs, or that lie beside it. */
async function loadHeld(config, id) {
  const file = config.files[id];
  const bytes = file ? await (await fetch(new URL(file, document.baseURI))).arrayBuffer() : take(`data-${id}`);
  return new Uint8Array(await unpacked(bytes).arrayBuffer());
}

/** Runs a program that the page holds. */
async function runProgram(name) {
  const text = await unzipped(take(`program-${name}`));
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.onload = resolve;
    script.onerror = () => reject(new Error(name));
    script.src = address;
    document.head.append(script);
  });
  URL.revokeObjectURL(address);
}

async function addStyle(name) {
  const style = document.createElement("style");
  style.textContent = await unzipped(take(`program-${name}`));
  document.head.prepend(style);
}

/** Makes the programs of the page ready. */
async function loadPrograms(config) {
  if (config.embedded) {
    await Promise.all([runProgram("maplibre-gl.js"), runProgram("pmtiles.js"), addStyle("maplibre-gl.css")]);
  } else {
    maplibregl.setWorkerUrl(new URL("programs/maplibre-gl-worker.js", document.baseURI).href);
  }
}

/** Gives the sources of the style their data. */
async function loadSources(config) {
  const protocol = new pmtiles.Protocol();
  maplibregl.addProtocol("pmtiles", protocol.tile);
  for (const [id, { kind, file }] of Object.entries(config.sources)) {
    if (kind === "features") {
      const source = config.style.sources[id];
      source.data = file ? new URL(file, document.baseURI).href : JSON.parse(await unzipped(take(`data-${id}`)));
    } else {
      protocol.add(new pmtiles.PMTiles(file ? new RangeSource(id, file) : new HeldSource(id)));
    }
  }
}

/** Reads an archive that the page holds, in the way in which pmtiles reads one from afar. */
class HeldSource {
  constructor(id) {
    this.id = id;
    this.bytes = take(`data-${id}`);
  }
  getKey() {
    return this.id;
  }
  async getBytes(offset, length) {
    return { data: this.bytes.slice(offset, offset + length).buffer };
  }
}

/** Reads an archive beside the page, by the name of its source. */
class RangeSource {
  constructor(id, file) {
    this.id = id;
    this.inner = new pmtiles.FetchSource(new URL(file, document.baseURI).href);
  }
  getKey() {
    return this.id;
  }
  getBytes(...wanted) {
    return this.inner.getBytes(...wanted);
  }
}

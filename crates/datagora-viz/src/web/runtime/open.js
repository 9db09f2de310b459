// Opens the page, or says why there is no map.

function hasWebgl() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

async function open() {
  const config = JSON.parse(document.getElementById("map-config").textContent);
  const tell = words => {
    const line = document.getElementById("no-map");
    line.textContent = words;
    line.hidden = false;
  };
  if (!hasWebgl()) {
    tell(config.words.noWebgl);
    return;
  }
  try {
    await start(config);
  } catch (error) {
    console.error(error);
    tell(config.words.failed);
  }
}

open();

// The picture and the data, as files.

function save(config, name, blob) {
  const link = make("a", { download: name, href: URL.createObjectURL(blob) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  announce(fill(config.words.saved, name));
}

/** The canvas of a map just after it was drawn: later its content is gone. */
function canvasOf(map) {
  map.redraw();
  return map.getCanvas();
}

/** Words in lines no wider than there is room. */
function lines(pen, text, room) {
  const all = [];
  let line = "";
  for (const word of text.split(/ +/)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && pen.measureText(longer).width > room) {
      all.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line ? [...all, line] : all;
}

/** The map with title, legend, scale and credits, on white. */
function picture(map, swipe, config, choice, moment) {
  const stage = map.getCanvas();
  const ratio = stage.width / stage.clientWidth;
  const [width, height] = [stage.clientWidth, stage.clientHeight];
  const legends = config.layers.filter(layer => (layer.rows.length || layer.sizes || layer.meaning) && (choice.isShown(layer.id) || layer.id === choice.other));
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const font = (size, bold) => (pen.font = `${bold ? "bold " : ""}${size}px 'Noto Sans', sans-serif`);
  const edge = 16;
  // Twice: once to know how high it is, once to draw.
  const draw = wet => {
    let y = edge;
    const write = (text, size, bold, colour, x = edge) => {
      font(size, bold);
      for (const line of lines(pen, text, width - x - edge)) {
        y += size * 1.4;
        if (!wet) continue;
        pen.fillStyle = colour;
        pen.fillText(line, x, y - size * 0.3);
      }
    };
    if (config.made) write(config.made, 12, true, "#7a3e00");
    write(config.title, 20, true, "#1b1f24");
    if (config.subtitle) write(config.subtitle, 13, false, "#596069");
    if (moment) write(moment, 13, true, "#1b1f24");
    for (const line of document.querySelectorAll(".filters .left")) {
      if (!line.hidden && config.filters.some((filter, at) => !isOpen(filter, choice.filters[at]))) write(line.textContent, 13, false, "#1b1f24");
    }
    y += 8;
    if (wet) {
      pen.drawImage(canvasOf(map), 0, y, width, height);
      if (swipe.second) {
        const cut = swipe.share / 100;
        const other = canvasOf(swipe.second);
        pen.drawImage(other, other.width * cut, 0, other.width * (1 - cut), other.height, width * cut, y, width * (1 - cut), height);
        pen.fillStyle = "#1b1f24";
        pen.fillRect(width * cut - 1, y, 2, height);
      }
      drawScale(pen, map, width, y + height);
    }
    y += height + 8;
    const box = (colour, label) => {
      if (wet) {
        pen.fillStyle = colour;
        pen.strokeStyle = "#5a6068";
        pen.lineWidth = 1;
        pen.fillRect(edge, y + 3, 24, 13);
        pen.strokeRect(edge, y + 3, 24, 13);
      }
      write(label, 12, false, "#1b1f24", edge + 32);
    };
    for (const layer of legends) {
      if (layer.meaning) {
        box(colourOf(map, layer), layer.meaning);
        y += 6;
        continue;
      }
      const unit = layer.sizes?.unit || layer.unit;
      write(unit ? `${layer.title} (${unit})` : layer.title, 13, true, "#1b1f24");
      for (const [size, label] of layer.sizes?.samples ?? []) {
        const { lines, colour, samples: [[most]] } = layer.sizes;
        const high = Math.max(0, (lines ? size / 2 : size) - 8);
        y += high;
        if (wet) {
          pen.fillStyle = colour;
          pen.beginPath();
          if (lines) pen.rect(edge, y + 10 - size / 2, 56, size);
          else pen.arc(edge + most, y + 10, size, 0, 7);
          pen.fill();
        }
        write(label, 12, false, "#1b1f24", edge + (lines ? 56 : 2 * most) + 12);
        y += high;
      }
      const missing = [pen.createPattern(hatch("#969696"), "repeat"), config.words.missing];
      for (const [colour, label] of layer.rows.length ? [...layer.rows, missing] : []) box(colour, label);
      y += 6;
    }
    write(config.credits, 11, false, "#596069");
    return y + edge;
  };
  canvas.width = width * ratio;
  canvas.height = Math.ceil(draw(false)) * ratio;
  pen.scale(ratio, ratio);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, canvas.height);
  draw(true);
  return new Promise(resolve => canvas.toBlob(resolve, "image/png"));
}

/** The colour in which the map shows a layer that has but one. */
function colourOf(map, layer) {
  const [id] = layer.parts;
  return map.getPaintProperty(id, `${map.getLayer(id).type}-color`);
}

function drawScale(pen, map, width, bottom) {
  const scale = map.getContainer().querySelector(".maplibregl-ctrl-scale");
  if (!scale) return;
  const long = scale.getBoundingClientRect().width;
  const [left, y] = [width - long - 10, bottom - 10];
  pen.fillStyle = "rgb(255 255 255 / .85)";
  pen.fillRect(left - 4, y - 18, long + 8, 22);
  pen.strokeStyle = pen.fillStyle = "#1b1f24";
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(left, y - 5);
  pen.lineTo(left, y);
  pen.lineTo(left + long, y);
  pen.lineTo(left + long, y - 5);
  pen.stroke();
  pen.font = "11px 'Noto Sans', sans-serif";
  pen.fillText(scale.textContent, left + 4, y - 6);
}

/** The table of the page with a separator that the spreadsheets of its language take. */
function tableText(config) {
  const cut = config.language === "fr" ? ";" : ",";
  const quote = text => (/["\n;,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = [...document.querySelectorAll(".still table tr")];
  const text = rows.map(row => [...row.cells].map(cell => quote(cell.textContent.trim())).join(cut)).join("\r\n");
  // The mark by which spreadsheets know UTF-8.
  return `\ufeff${text}\r\n`;
}

// The card of a feature: its attributes, and why its score is what it is.

function fieldContent(config, field, value) {
  const missing = make("span", { class: "muted" }, config.words.missing);
  if (value === undefined || value === null || value === "") return missing;
  switch (field.kind) {
    case "number": {
      if (!Number.isFinite(Number(value))) return missing;
      const { unit, decimals } = field.with;
      return `${formatNumber(config, Number(value), decimals)}${unit && "\u202f"}${unit}`;
    }
    case "coded":
      return field.with[String(value)] ?? String(value);
    default:
      return String(value);
  }
}

/** Reads `3:0.4;17:1`: the factors with their shares. */
function readShares(text) {
  return text.split(";").filter(Boolean).map(part => {
    const [number, share] = part.split(":");
    return { number, share: Number(share) };
  });
}

/** What each factor adds, the largest first, and their sum. */
function contributionsOf(dictionary, text) {
  const parts = readShares(text).map(({ number, share }) => {
    const [name, family, weight] = dictionary.factors[number] ?? [null, "", 0];
    return { number, name, family, weight, share, value: weight * share };
  });
  parts.sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
  return { parts, sum: parts.reduce((sum, part) => sum + part.value, 0) };
}

/** Bars to the left of a middle line for what lowers the score, to the right for what raises it. */
function contributionsContent(config, field, text) {
  const { parts, sum } = contributionsOf(field.with, text);
  if (!parts.length) return make("p", { class: "muted" }, config.words.noFactor);
  const { decimals } = field.with;
  const signed = value => (value > 0 ? "+" : "") + formatNumber(config, value, decimals);
  const most = Math.max(...parts.map(part => Math.abs(part.value)), Math.abs(sum)) || 1;
  const row = (value, name, small, kind) => {
    const bar = make("span", { class: "bar", "aria-hidden": "true" });
    const inner = make("span", { class: value < 0 ? "less" : "more" });
    inner.style.width = `${(50 * Math.abs(value)) / most}%`;
    bar.append(inner);
    const words = make("span", { class: "factor" }, name);
    if (small) words.append(make("small", {}, small));
    return make("li", kind ? { class: kind } : {}, words, bar, make("span", { class: "number" }, signed(value)));
  };
  const list = make("ul", { class: "contributions" });
  for (const part of parts) {
    const share = `${formatNumber(config, part.share * 100, 0)}${config.language === "fr" ? "\u202f" : ""}%`;
    const how = part.name === null ? `${share} · ${config.words.missing}` : `${share} × ${signed(part.weight)}`;
    const name = part.name ?? fill(config.words.otherFactor, part.number);
    list.append(row(part.value, name, [part.family, how].filter(Boolean).join(" · ")));
  }
  list.append(row(sum, config.words.sum, "", "sum"));
  return list;
}

function headingOf(layer, feature) {
  return String(feature.properties[layer.heading] ?? layer.title);
}

/** What a card says: label and content of each attribute, and as words what is told; of steps, the value and its course; of differences, how much and which way. */
function cardRows(config, layer, feature, clock) {
  const rows = [];
  const told = (label, content) => ({ label, content, told: `${label}${config.words.colon}${content.textContent ?? content}` });
  for (const steps of feature.id === undefined ? [] : clock.of(layer)) {
    const { label, unit, decimals } = steps.spec;
    const values = steps.of(feature.id);
    const value = values[clock.choice.step];
    const content = fieldContent(config, { kind: "number", with: { unit, decimals } }, Number.isFinite(value) ? value : null);
    rows.push(told(`${label} – ${clock.name}`, content));
    if (values.some(Number.isFinite)) rows.push({ label: config.words.course, content: courseOf(values, clock.choice.step), whole: true });
  }
  const [difference, direction] = layer.differences?.[feature.id] ?? [];
  if (difference) rows.push(told(layer.title, difference));
  if (direction) rows.push(told(config.words.direction, direction));
  for (const field of layer.fields) {
    const value = feature.properties[field.attribute];
    if (field.kind === "contributions") {
      const content = value === undefined ? make("span", { class: "muted" }, config.words.missing)
        : contributionsContent(config, field, String(value));
      rows.push({ label: field.label, content, whole: true });
    } else {
      rows.push(told(field.label, fieldContent(config, field, value)));
    }
  }
  return rows;
}

/** Fills the card; the words that announce it. */
function showCard(config, layer, feature, clock) {
  const heading = headingOf(layer, feature);
  document.getElementById("card-name").textContent = heading;
  const rows = cardRows(config, layer, feature, clock);
  const list = make("dl");
  for (const { label, content, whole } of rows) {
    const kind = whole ? { class: "whole" } : {};
    list.append(make("dt", kind, label), make("dd", kind, content));
  }
  document.getElementById("card-body").replaceChildren(list);
  document.getElementById("card").hidden = false;
  return fill(config.words.selected, [heading, ...rows.map(row => row.told).filter(Boolean)].join(", "));
}

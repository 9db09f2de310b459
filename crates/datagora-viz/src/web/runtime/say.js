// Elements, numbers and words.

/** Says to those who do not see the map what has changed. */
function announce(words) {
  document.getElementById("map-status").textContent = words;
}

/** An element with attributes and content. */
function make(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content);
  return element;
}

/** A number as the language writes it, with a true minus. */
function formatNumber(config, value, decimals) {
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const text = new Intl.NumberFormat(config.language, options).format(Math.abs(value));
  // No minus before what rounds to zero.
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

function fill(pattern, values) {
  return pattern.replace(/\{(\w*)\}/g, (_, name) => (typeof values === "object" ? values[name] : values));
}

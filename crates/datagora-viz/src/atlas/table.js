// Sorts the table of the overview by its columns and finds rows by name. Without it, the table stands in the order of names.
"use strict";
{
  const section = document.querySelector(".ranking");
  const head = [...section.querySelectorAll("thead th")];
  const body = section.querySelector("tbody");
  const rows = [...body.rows];
  const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
  const names = new Map(rows.map(row => [row, plain(row.cells[0].textContent)]));

  const sort = (column, descending) => {
    const key = row => (column === 0 ? names.get(row) : row.cells[column].dataset.value);
    const compare = (a, b) => {
      const [left, right] = [key(a), key(b)];
      // What has no value stands last, whichever the order.
      if (left === undefined || right === undefined) return (left === undefined) - (right === undefined);
      const order = column === 0 ? (left < right ? -1 : left > right ? 1 : 0) : left - right;
      return descending ? -order : order;
    };
    body.append(...rows.slice().sort(compare));
    head.forEach((cell, index) => {
      if (index === column) cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
  };
  head.forEach((cell, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.title = section.dataset.sort;
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener("click", () => {
      const order = cell.getAttribute("aria-sort");
      // Numbers begin with the highest, names with A.
      sort(column, order ? order === "ascending" : column > 0);
    });
  });

  const form = section.querySelector(".find");
  const input = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  form.hidden = false;
  const found = () => rows.filter(row => names.get(row).includes(plain(input.value)));
  input.addEventListener("input", () => {
    const seen = new Set(found());
    for (const row of rows) row.hidden = !seen.has(row);
    const words = seen.size ? section.dataset.found : section.dataset.none;
    status.textContent = input.value ? words.replace("{n}", seen.size).replace("{all}", rows.length) : "";
  });
  form.addEventListener("submit", event => {
    event.preventDefault();
    const all = found();
    const exact = all.find(row => names.get(row) === plain(input.value)) ?? all.find(row => names.get(row).startsWith(plain(input.value))) ?? all[0];
    if (exact && input.value) location.href = exact.querySelector("a").href;
  });
}

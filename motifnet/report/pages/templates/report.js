// Three conveniences; everything that the page shows is there without them.
"use strict";
document.documentElement.classList.add("scripted");

// A click on a heading sorts its table, a second click turns the order around.
for (const button of document.querySelectorAll("table.sortable th button")) {
  button.addEventListener("click", () => {
    const heading = button.closest("th");
    const body = heading.closest("table").tBodies[0];
    const column = heading.cellIndex;
    const descending = heading.getAttribute("aria-sort") === "ascending";
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
    const compare = (a, b) => {
      const [x, y] = [key(a), key(b)];
      const difference = Number(x) - Number(y);
      return Number.isNaN(difference) ? x.localeCompare(y) : difference;
    };
    const rows = [...body.rows].sort(compare);
    body.append(...(descending ? rows.reverse() : rows));
  });
}

// One box turns all logos around; each row still has its own.
for (const all of document.querySelectorAll(".turn-all")) {
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll(".turn")) box.checked = all.checked;
    for (const other of document.querySelectorAll(".turn-all")) other.checked = all.checked;
  });
}

// A link to a folded block opens it.
const unfold = () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
};
window.addEventListener("hashchange", unfold);
unfold();

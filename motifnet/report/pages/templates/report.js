// Sorting, filtering, copying, saving, and drawing what is folded. What the page says is there without it.
"use strict";
document.documentElement.classList.add("scripted");
const every = (selector, within = document) => [...within.querySelectorAll(selector)];
const GIVEN = JSON.parse(document.getElementById("given")?.textContent ?? "{}");

const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};
const tell = (text) => { document.getElementById("status").textContent = text; };
const button = (words, title, action) => element("button", { type: "button", textContent: words, title, onclick: action });

// Files and the clipboard: all is made here, and nothing is asked of any server.
const fileName = (name) => name.replace(/[^\w.+-]+/g, "_");
const save = (name, content, type = "text/plain") => {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = element("a", { href: address, download: fileName(name) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  tell(`saved ${link.download}`);
};
const copy = async (what, text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // browsers that trust no file with their clipboard
    const box = element("textarea", { value: text });
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  tell(`copied ${what}`);
};

// Motifs as files.
const lettersOf = (motif) => (motif.rna ? "ACGU" : "ACGT");
const columnsOf = (motif, reverse = false) => {
  const columns = motif.counts[0].map((_, i) => {
    const counts = motif.counts.map((row) => row[i]);
    const sum = counts.reduce((a, b) => a + b, 0);
    return sum > 0 ? counts.map((n) => n / sum) : (motif.background ?? [0.25, 0.25, 0.25, 0.25]);
  });
  return reverse ? columns.reverse().map((column) => column.reverse()) : columns;
};
// Probabilities as files have them: rounded down, but for those of the largest remainders, so that they sum to 1.
const asWritten = (column) => {
  const one = 1e10, sum = column.reduce((a, b) => a + b, 0), scaled = column.map((share) => share / sum * one);
  const whole = scaled.map((share) => Math.floor(share + 1e-4)), missing = one - whole.reduce((a, b) => a + b, 0);
  const order = [0, 1, 2, 3].sort((a, b) => (whole[a] - scaled[a]) - (whole[b] - scaled[b]));
  return whole.map((share, base) => ((share + (order.indexOf(base) < missing ? 1 : 0)) / one).toFixed(10));
};
const word = (text) => text.trim().replace(/\s+/g, "_");
const meme = (motif) => {
  const bases = lettersOf(motif);
  const background = motif.background ?? [0.25, 0.25, 0.25, 0.25];
  const rows = columnsOf(motif).map((column) => asWritten(column).join(" "));
  return `MEME version 4\n\nALPHABET= ${bases}\n\nstrands: ${motif.single ? "+" : "+ -"}\n\n`
    + `Background letter frequencies\n${background.map((share, i) => `${bases[i]} ${+share.toPrecision(6)}`).join(" ")}\n\n`
    + `MOTIF ${word(motif.name)} ${word(motif.alt ?? "")}`.trimEnd()
    + `\nletter-probability matrix: alength= 4 w= ${rows.length} nsites= ${motif.sites}`
    + `${motif.e === undefined ? "" : ` E= ${motif.e}`}\n${rows.join("\n")}\n`;
};
const jaspar = (motif) => {
  const rows = motif.counts.map((row, i) => `${lettersOf(motif)[i]} [ ${row.map((n) => +n.toPrecision(10)).join(" ")} ]\n`);
  return `>${word(motif.name)}\t${word(motif.alt ?? "")}`.trimEnd() + `\n${rows.join("")}`;
};

// Logos, as the program draws them (logo_layout.py): aligned, the columns that all share shaded.
const PITCH = 18, HEIGHT = 60, LEFT = 30, RIGHT = 4, TOP = 6, BOTTOM = 6, NAME = 22, POSITIONS = 12, LEAST = 0.6;
const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const lettersAt = (motif, columns, left, top) => columns.map((column, i) => {
  const bits = Math.max(0, 2 + column.reduce((sum, p) => sum + (p > 0 ? p * Math.log2(p) : 0), 0));
  const tall = column.map((p, base) => [p * bits * HEIGHT / 2, base]).sort((a, b) => a[0] - b[0]);
  let y = top + HEIGHT;
  return tall.filter(([height]) => height >= LEAST).map(([height, base]) => {
    y -= height;
    const place = `matrix(.17 0 0 ${+(height / 100).toPrecision(3)} ${left + PITCH * i + 0.5} ${+y.toPrecision(4)})`;
    return `<use href="#g${lettersOf(motif)[base]}" transform="${place}"/>`;
  }).join("");
}).join("");
const text = (x, y, words, size, more = "") => `<text x="${x}" y="${y}" font-size="${size}"${more}>${escaped(words)}</text>`;
// Each track: a motif, the column that its first lies in, whether it is turned, and whether its name is told.
const drawn = (tracks, { positions = false, scale = 1 } = {}) => {
  const first = Math.min(...tracks.map((track) => track.offset));
  let top = TOP + (tracks[0].named ? 12 : 0), width = 0;
  const placed = tracks.map((track) => {
    const all = columnsOf(track.motif, track.reverse);
    const columns = all.slice(track.from, track.to);
    const left = LEFT + PITCH * (track.offset - first);
    const cut = columns.length < all.length ? `, columns ${track.from + 1} to ${track.to} of ${all.length}` : "";
    const name = track.named ? track.motif.shown + (track.reverse ? " (reverse complement)" : "") + cut : "";
    width = Math.max(width, left + Math.max(PITCH * columns.length, 0.62 * 11 * name.length) + RIGHT);
    const one = { ...track, columns, left, top, name, right: left + PITCH * columns.length };
    top += HEIGHT + NAME;
    return one;
  });
  const bottom = top - NAME;
  const start = Math.max(...placed.map((one) => one.left)), stop = Math.min(...placed.map((one) => one.right));
  const shade = placed.length > 1 && stop > start
    ? `<rect class="overlap" fill="#888" fill-opacity="0.1" x="${start}" y="${placed[0].top}" width="${stop - start}" height="${bottom - placed[0].top}"/>` : "";
  const logos = placed.map((one) => `<use href="#axis-information" x="${one.left - 3}" y="${one.top}"/>`
    + `<path class="axis" fill="none" stroke="#555" d="M${one.left - 3} ${one.top + HEIGHT}H${one.right}"/>`
    + lettersAt(one.motif, one.columns, one.left, one.top)).join("");
  const names = placed.filter((one) => one.name)
    .map((one) => text(one.left, one.top - 7, one.name, 11, ' text-anchor="start" font-weight="600"')).join("");
  const numbers = !positions ? "" : placed[0].columns
    .map((_, i) => text(placed[0].left + PITCH * (i + 0.5), bottom + 12, String(i + 1), 9, ' text-anchor="middle"')).join("");
  const height = bottom + BOTTOM + (positions ? POSITIONS : 0);
  return `<svg class="logo" role="img" width="${scale * width}" height="${scale * height}" viewBox="0 0 ${width} ${height}">`
    + `<title>${escaped(`Logo of ${tracks.map((track) => track.motif.shown).join(" above that of ")}`)}</title>`
    + `${shade}${logos}${names}${numbers}</svg>`;
};
// "m1 0 + :; k1 -3 - 2:9 name": motif, offset, strand, columns, and whether its name stands above it.
const tracksOf = (told) => told.split(";").map((track) => {
  const [key, offset, strand, columns, named] = track.trim().split(" ");
  const [from, to] = columns.split(":").map((end) => (end ? Number(end) : undefined));
  return { motif: GIVEN[key], offset: Number(offset), reverse: strand === "-", from, to, named: named === "name" };
});
const draw = (place) => {
  if (!place.childElementCount) place.innerHTML = drawn(tracksOf(place.dataset.tracks), { scale: Number(place.dataset.scale ?? 1) });
};
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) { draw(entry.target); seen.unobserve(entry.target); }
}, { rootMargin: "400px" });
for (const place of every(".drawn")) seen.observe(place);
window.addEventListener("beforeprint", () => every(".drawn").forEach(draw));

// A logo that stands alone: with its letters, and in the colours of paper.
const standalone = (motif) => {
  const box = element("div", { innerHTML: drawn([{ motif, offset: 0 }], { positions: true }) });
  const svg = box.firstElementChild;
  const colour = (base) => getComputedStyle(document.documentElement).getPropertyValue(`--paper-${base}`).trim();
  const used = new Set(every("use", svg).map((use) => use.getAttribute("href")));
  const parts = [...used].map((id) => {
    const part = document.querySelector(id).cloneNode(true);
    if (part.matches("path")) part.setAttribute("fill", colour(id.at(-1).replace("U", "T")));
    return part.outerHTML;
  });
  svg.insertAdjacentHTML("afterbegin", `<defs>${parts.join("")}</defs>`);
  for (const [name, value] of Object.entries({ "font-family": "Helvetica, Arial, sans-serif", fill: "#333" })) svg.setAttribute(name, value);
  return new XMLSerializer().serializeToString(svg);
};
const savePng = async (motif) => {
  const address = URL.createObjectURL(new Blob([standalone(motif)], { type: "image/svg+xml" }));
  const image = element("img", { src: address });
  await image.decode();
  URL.revokeObjectURL(address);
  const canvas = element("canvas", { width: 4 * image.naturalWidth, height: 4 * image.naturalHeight });
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => save(`${motif.name}.png`, blob), "image/png");
};
const fillTake = (place, motif) => {
  const files = [
    button("SVG", "Save the logo as SVG", () => save(`${motif.name}.svg`, standalone(motif), "image/svg+xml")),
    button("PNG", "Save the logo as PNG", () => savePng(motif)),
  ];
  if (motif.bed) {
    const n = motif.bed.split("\n").length - 1;
    const which = n < motif.n_bed ? `the best ${n} of ${motif.n_bed} sites` : "the sites";
    files.push(button("BED", `Save ${which} as BED`, () => save(`${motif.name}.bed`, motif.bed)));
  }
  place.append(
    element("div", {}, "copy", button("MEME", "Copy the motif in MEME format", () => copy("as MEME", meme(motif))),
      button("JASPAR", "Copy the motif in JASPAR format", () => copy("as JASPAR", jaspar(motif))),
      button("IUPAC", "Copy the consensus", () => copy("the consensus", motif.consensus))),
    element("div", {}, "save", ...files),
  );
};
const offerTake = (place) => {
  const motif = GIVEN[place.dataset.give];
  const summary = element("summary", { textContent: "copy, save", ariaLabel: `Copy or save ${motif.name}` });
  const details = element("details", { className: "taken" }, summary);
  details.addEventListener("toggle", () => { if (details.childElementCount === 1) fillTake(details, motif); });
  place.append(details);
};

// Tables: sorted by a heading, filtered by words, taken as they stand. What a row leads goes with it.
const NOT_CONTENT = "svg, .remark, .take, .unfold, input, label";
const content = (cell) => {
  const plain = cell.cloneNode(true);
  for (const other of every(NOT_CONTENT, plain)) other.remove();
  return plain.textContent.replace(/\s+/g, " ").trim();
};
const keyOf = (row, column) => row.cells[column].dataset.sort ?? content(row.cells[column]);
const NUMBERS = { inf: Infinity, "-inf": -Infinity, "": NaN, "–": NaN };
const isBlank = (key) => key === "" || key === "nan" || key === "–";
const compared = (x, y) => {
  if (isBlank(x) || isBlank(y)) return 0;
  const [a, b] = [x, y].map((key) => NUMBERS[key] ?? Number(key));
  return Number.isNaN(a - b) ? (a === b ? 0 : x.localeCompare(y, "en", { numeric: true })) : a - b;
};
const sortBy = (table, heading) => {
  const sign = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
  const body = table.tBodies[0], column = heading.cellIndex, groups = new Map();
  for (const row of body.rows) {
    const leader = row.dataset.of ?? row.dataset.family ?? groups.size + 0.5;
    groups.set(leader, [...(groups.get(leader) ?? []), row]);
  }
  const order = (a, b) => {
    const [x, y] = [keyOf(a, column), keyOf(b, column)];
    return isBlank(x) - isBlank(y) || sign * compared(x, y); // what has no value is last, either way
  };
  const sorted = [...groups.values()].sort((a, b) => order(a[0], b[0]));
  body.append(...sorted.flatMap(([leader, ...members]) => [leader, ...members.sort(order)]));
};
const filterBy = (table, told, words) => {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  let n = 0;
  for (const row of table.tBodies[0].rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !wanted.every((each) => text.includes(each));
    row.classList.toggle("found", wanted.length > 0);
    n += !row.hidden;
  }
  told.textContent = wanted.length ? `${n} of ${table.tBodies[0].rows.length} rows` : "";
};
const tsvOf = (table) => {
  const columns = [...table.tHead.rows[0].cells].filter((cell) => !cell.classList.contains("picture")).map((cell) => cell.cellIndex);
  const rows = [table.tHead.rows[0], ...[...table.tBodies[0].rows].filter((row) => !row.hidden)];
  return rows.map((row) => columns.map((i) => content(row.cells[i])).join("\t") + "\n").join("");
};
const equip = (table) => {
  if (table.dataset.ready) return;
  table.dataset.ready = "yes";
  const name = table.dataset.name, rows = table.tBodies[0].rows;
  for (const heading of every("thead th", table)) heading.querySelector("button")?.addEventListener("click", () => sortBy(table, heading));
  const tools = element("div", { className: "table-tools" });
  if (rows.length > 5) {
    const told = element("span", { className: "quiet" });
    const box = element("input", { type: "search", placeholder: "filter rows", ariaLabel: `Filter the table of ${name}` });
    box.addEventListener("input", () => filterBy(table, told, box.value));
    tools.append(box, told);
  }
  tools.append(
    button("copy table", `Copy the table of ${name}`, () => copy("the table", tsvOf(table))),
    button("save TSV", `Save the table of ${name} as TSV`, () => save(`${document.title.split(" – ")[0]}.${name}.tsv`, tsvOf(table), "text/tab-separated-values")),
  );
  table.parentElement.before(tools);
};
// What is folded is made ready when it is opened.
const isSeen = (place) => !place.closest("details:not([open])");
const equipWithin = (place) => {
  for (const take of every(".take:empty", place)) if (isSeen(take)) offerTake(take);
  for (const table of every("table.sortable", place)) if (isSeen(table)) equip(table);
};
equipWithin(document);
document.addEventListener("toggle", (event) => { if (event.target.open) equipWithin(event.target); }, true);

// Families of a long list are folded: a button shows the members of one.
for (const fold of every(".unfold")) {
  fold.addEventListener("click", () => {
    const row = fold.closest("tr"), open = fold.getAttribute("aria-expanded") === "false";
    fold.setAttribute("aria-expanded", open);
    for (const member of every(`tr[data-of="${row.dataset.family}"]`, row.parentElement)) member.classList.toggle("open", open);
  });
}

// One box turns all logos around; each row still has its own.
for (const all of every(".turn-all")) {
  all.addEventListener("change", () => {
    for (const box of every(".turn")) box.checked = all.checked;
    for (const other of every(".turn-all")) other.checked = all.checked;
  });
}

// A link to a folded block opens it.
const unfold = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
};
window.addEventListener("hashchange", unfold);
unfold();

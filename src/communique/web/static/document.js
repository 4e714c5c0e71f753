// The reading page: layers, words and rows that point at each other, and correcting by keyboard.
import { say } from "./page.js";

const text = document.getElementById("text");
const rows = document.getElementById("rows");
const card = document.getElementById("card");
const having = (id) => document.querySelectorAll(`[data-rows~="${CSS.escape(id)}"]`);

// Layers: classes on the text, kept in the address so that a view can be shared.
const boxes = [...document.querySelectorAll("#layers input[name=layers]")];
for (const box of boxes) {
  box.addEventListener("change", () => {
    text.classList.toggle(`with-${box.value}`, box.checked);
    const address = new URL(location.href);
    address.searchParams.delete("layers");
    for (const b of boxes) if (b.checked) address.searchParams.append("layers", b.value);
    if (!boxes.some((b) => b.checked)) address.searchParams.set("layers", "none");
    history.replaceState(null, "", address);
  });
}

// Pointing at words marks their row, and shows it beside the text where the list is out of sight.
let marked = [];
function mark(id) {
  for (const e of marked) e.classList.remove("on");
  marked = id ? [...having(id)] : [];
  for (const e of marked) e.classList.add("on");
}
function show(id) {
  mark(id);
  const row = rows.querySelector(`[data-rows~="${CSS.escape(id)}"]`);
  if (!row) return;
  const box = row.getBoundingClientRect();
  if (box.bottom > 0 && box.top < innerHeight && matchMedia("(min-width: 52.01rem)").matches) {
    if (rows.scrollHeight > rows.clientHeight) rows.scrollTop += box.top - rows.getBoundingClientRect().top - 40;
    card.hidden = true;
  } else {
    card.replaceChildren(...[...row.children].filter((e) => e.tagName === "P").map((e) => e.cloneNode(true)));
    card.hidden = false;
  }
}
function leave() {
  mark(null);
  card.hidden = true;
}
const first = (e) => e.target.closest?.("[data-rows]")?.dataset.rows.split(" ")[0];
text.addEventListener("mouseover", (e) => { const id = first(e); if (id) show(id); else leave(); });
text.addEventListener("mouseleave", leave);
text.addEventListener("focusin", (e) => { const id = first(e); if (id) show(id); });
text.addEventListener("focusout", leave);
rows.addEventListener("mouseover", (e) => { const id = first(e); if (id) mark(id); });
rows.addEventListener("focusin", (e) => { const id = first(e); if (id) mark(id); });
rows.addEventListener("mouseleave", leave);
text.addEventListener("click", (e) => {
  const id = first(e);
  if (id && getSelection().isCollapsed) { e.preventDefault(); go(id); }
});

const list = [...rows.querySelectorAll("[data-rows]")];
let current = -1;
function go(id) {
  const row = rows.querySelector(`[data-rows~="${CSS.escape(id)}"]`);
  if (!row) return;
  current = list.indexOf(row);
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}
function step(by) {
  if (!list.length) return;
  current = Math.min(list.length - 1, Math.max(0, current + by));
  const row = list[current];
  history.replaceState(null, "", `#${encodeURIComponent(row.dataset.rows)}`);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  document.getElementById(`at-${row.dataset.rows}`)?.scrollIntoView({ block: "nearest" });
}
function press(decision) {
  const form = list[current]?.querySelector("form.correct");
  if (!form) return;
  if (decision === "correct") form.querySelector("a").click();
  else form.requestSubmit(form.querySelector(`button[value=${decision}]`));
}
// The next row of the queue that this one came from.
function next() {
  const here = new URL(location.href).searchParams;
  const asked = new URLSearchParams([...here].filter(([name]) => name === "table" || name === "by"));
  location.href = `/review/next?${asked}`;
}
if (location.hash) {
  const id = decodeURIComponent(location.hash.slice(1)).replace(/^at-/, "");
  const row = rows.querySelector(`[data-rows~="${CSS.escape(id)}"]`);
  if (row) {
    current = list.indexOf(row);
    document.getElementById(`at-${id}`)?.scrollIntoView({ block: "center" });
    row.scrollIntoView({ block: "nearest" });
    mark(id);
  }
}

// Verdicts without leaving the place: sent in the background, the page's form serves where script does not.
for (const form of document.querySelectorAll("form.correct")) {
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const body = new URLSearchParams(new FormData(form, e.submitter));
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
    if (!answer.ok) { say(`Not kept: ${(await answer.json().catch(() => ({}))).detail ?? answer.statusText}`); return; }
    const decision = e.submitter.value;
    const box = form.closest("[data-rows]");
    box.classList.toggle("rejected", decision === "reject");
    let note = form.parentElement.querySelector(".now");
    if (!note) { note = document.createElement("p"); note.className = "facts now"; form.before(note); }
    const done = { confirm: "confirmed", reject: "rejected" }[decision];
    note.textContent = `${done} by you`;
    say(`Row ${done}`);
  });
}

// Selected words as offsets of the text: every piece knows where it begins.
const missed = document.getElementById("missed");
const adding = document.getElementById("adding");
// Offsets are Unicode characters on the server, UTF-16 units here: signs beyond the basic plane count once.
const length = (words) => [...words].length;
function offset(node, within) {
  const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.("[data-at]");
  if (!piece || !text.contains(piece)) return null;
  const range = document.createRange();
  range.selectNodeContents(piece);
  range.setEnd(node, within);
  return Number(piece.dataset.at) + length(range.toString());
}
function selected() {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const start = offset(range.startContainer, range.startOffset);
  const end = offset(range.endContainer, range.endOffset);
  return start !== null && end !== null && start < end ? [start, end, selection.toString()] : null;
}
function add() {
  const chosen = selected();
  if (!chosen) { say("Select words of the text first"); return; }
  const form = adding.querySelector("form");
  form.elements.start.value = chosen[0];
  form.elements.end.value = chosen[1];
  document.getElementById("adding-words").textContent = chosen[2];
  adding.showModal();
  form.elements.actor.focus();
}
if (missed) {
  document.addEventListener("selectionchange", () => { missed.disabled = !selected(); });
  missed.addEventListener("mousedown", (e) => e.preventDefault()); // keeps the selection
  missed.addEventListener("click", add);
  document.getElementById("adding-close").addEventListener("click", () => adding.close());
}

// Single keys can be switched off: dictation types them.
const keysOn = document.getElementById("keys");
try { keysOn.checked = localStorage.getItem("keys") !== "off"; } catch { /* not kept */ }
keysOn.addEventListener("change", () => {
  try { localStorage.setItem("keys", keysOn.checked ? "on" : "off"); } catch { /* not kept */ }
});
document.addEventListener("keydown", (e) => {
  if (!keysOn.checked && e.key !== "Escape") return;
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
  const keys = { j: () => step(1), k: () => step(-1), Escape: leave };
  if (missed) Object.assign(keys, { c: () => press("confirm"), r: () => press("reject"), e: () => press("correct"), a: add, n: next });
  if (keys[e.key]) { e.preventDefault(); keys[e.key](); }
});

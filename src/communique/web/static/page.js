// What every page has: the theme switch, and dates and numbers in the reader's own way. All pages work without it.
export const locale = navigator.languages?.length ? [...navigator.languages] : undefined;

export function localise(root) {
  const days = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const months = new Intl.DateTimeFormat(locale, { year: "numeric", month: "short", timeZone: "UTC" });
  for (const e of root.querySelectorAll("time[datetime]")) {
    const month = e.dateTime.length === 7;
    const day = new Date(`${e.dateTime}${month ? "-01" : ""}T00:00:00Z`);
    if (!Number.isNaN(day.valueOf())) e.textContent = (month ? months : days).format(day);
  }
  for (const e of root.querySelectorAll("data[data-digits]")) {
    const digits = Number(e.dataset.digits);
    e.textContent = Number(e.value).toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }
}

export function say(words) {
  document.getElementById("said").textContent = words;
}

export const isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

localise(document);
const theme = document.getElementById("theme");
const name = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
theme.hidden = false;
name();
theme.addEventListener("click", () => {
  const next = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try { localStorage.setItem("theme", next); } catch { /* not kept */ }
  name();
  document.dispatchEvent(new CustomEvent("theme", { detail: next }));
});
// A form that says so is sent as soon as a choice changes by pointer; by keyboard every arrow key is a change, so that
// its button sends it, as it does without script.
for (const form of document.querySelectorAll("form[data-auto]")) {
  form.addEventListener("change", (e) => { if (!e.target.matches(":focus-visible")) form.requestSubmit(); });
}
// Empty fields do not belong in an address that is shared.
for (const form of document.querySelectorAll("form[method=get]")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    setTimeout(() => { for (const field of form.elements) field.disabled = false; });
  });
}
// What takes the server longer comes after the page; without script its place holds a link.
for (const place of document.querySelectorAll("[data-load]")) {
  fetch(place.dataset.load).then(async (answer) => {
    if (!answer.ok) return;
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("fragment");
    if (!part) return;
    localise(part);
    place.replaceChildren(...part.childNodes);
  }).catch(() => { /* the link stays */ });
}

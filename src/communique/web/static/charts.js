// Draws each chart from its own address. Vega reads expressions without eval, so that the page's policy can forbid it.
import { isDark, locale, localise } from "./page.js";

const drawings = [...document.querySelectorAll(".drawing[data-spec]")];
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Months and numbers in the reader's own way, in the words that d3 asks for.
const named = (part, style, dates) => dates.map((d) => new Intl.DateTimeFormat(locale, { [part]: style, timeZone: "UTC" }).format(d));
const days = [...Array(7).keys()].map((n) => new Date(Date.UTC(2023, 0, 1 + n))); // the first is a Sunday
const months = [...Array(12).keys()].map((n) => new Date(Date.UTC(2023, n, 1)));
const timeFormatLocale = {
  dateTime: "%x %X", date: "%x", time: "%X", periods: ["AM", "PM"],
  days: named("weekday", "long", days), shortDays: named("weekday", "short", days),
  months: named("month", "long", months), shortMonths: named("month", "short", months),
};
const parts = new Intl.NumberFormat(locale).formatToParts(1234567.8);
const sign = (type, other) => parts.find((p) => p.type === type)?.value ?? other;
const formatLocale = { decimal: sign("decimal", "."), thousands: sign("group", ""), grouping: [3], currency: ["", ""] };

async function draw(box) {
  const answer = await fetch(box.dataset.spec);
  if (!answer.ok) { box.textContent = "The chart could not be loaded; the table below has its figures."; return; }
  const spec = await answer.json();
  const ink = css("--ink");
  const rule = css("--rule");
  const narrow = box.clientWidth < 600;
  const labelLimit = narrow ? box.clientWidth * 0.35 : 240;
  if (box.clientWidth < spec.usermeta?.least_width) spec.width = spec.usermeta.least_width;
  const config = {
    background: "transparent", view: { stroke: null }, font: getComputedStyle(document.body).fontFamily,
    axis: { labelColor: ink, titleColor: ink, gridColor: rule, domainColor: rule, tickColor: rule, labelLimit },
    legend: {
      labelColor: ink, titleColor: ink, labelLimit, columns: Math.max(2, Math.floor(box.clientWidth / 170)),
      ...(narrow && { layout: { top: { direction: "vertical", anchor: "start" } } }),
    }, text: { color: ink },
  };
  for (const layer of spec.layer ?? []) if (layer.mark?.type === "text") layer.mark.color = ink;
  const result = await window.vegaEmbed(box, { ...spec, config }, {
    ast: true, actions: false, defaultStyle: false, renderer: "canvas", tooltip: { disableDefaultStyle: true }, timeFormatLocale, formatLocale,
  });
  box.classList.add("ready");
  box.toggleAttribute("data-dark", isDark()); // its ink is light: print needs to know
  box.view = result.view;
}

let loading;
function library() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.querySelector("meta[name=vega]").content;
    script.onload = resolve;
    script.onerror = reject;
    script.type = "module";
    document.head.append(script);
  });
  return loading;
}

// The library is large: it loads when a chart comes near the window, never before the first paint.
const near = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    near.unobserve(entry.target);
    library().then(() => draw(entry.target)).catch((error) => {
      entry.target.textContent = `The chart could not be drawn (${error.message ?? error}); the table below has its figures.`;
    });
  }
}, { rootMargin: "300px" });
for (const box of drawings) near.observe(box);
document.addEventListener("theme", () => { for (const box of drawings) if (box.view) { box.view.finalize(); draw(box); } });

// The network's sliders: the month follows the thumb, the form is sent when it is let go.
const choices = document.getElementById("since")?.dataset.months.split(" ") ?? [];
for (const slider of document.querySelectorAll("input[type=range][data-sets]")) {
  slider.addEventListener("input", () => {
    const shown = document.getElementById(slider.dataset.shows);
    const month = choices[slider.value];
    document.getElementById(slider.dataset.sets).value = month;
    shown.firstElementChild.dateTime = month;
    localise(shown);
    slider.setAttribute("aria-valuetext", shown.textContent);
  });
}

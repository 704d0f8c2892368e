// Chosen rows of a list: ticked on several pages, or all that the filters find.
const chosen = new Set();
let form = null;
let everything = false; // all that the filters find, not only what is ticked
let last = null; // where a range begins
let filter = "";

const list = () => document.getElementById("list");
const boxes = () => [...document.querySelectorAll("#list [data-pick]")];

function grouped(number) {
  return number < 10000 ? String(number) : String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

function paint() {
  const here = boxes();
  for (const box of here) {
    box.checked = everything || chosen.has(box.value);
    box.closest("tr").classList.toggle("on", box.checked);
  }
  const ticked = here.filter((box) => box.checked).length;
  const whole = document.querySelector("#list [data-pick-page]");
  if (whole) {
    whole.checked = here.length > 0 && ticked === here.length;
    whole.indeterminate = ticked > 0 && ticked < here.length;
  }
  paintBar(ticked === here.length);
}

function paintBar(whole) {
  const any = everything || chosen.size > 0;
  form.hidden = !any;
  form.parentElement.classList.toggle("selecting", any);
  form.elements.scope.value = everything ? "filter" : "selected";
  form.elements.ids.value = everything ? "" : [...chosen].join();
  const { all, allSaid } = list().dataset;
  const number = `${form.dataset.said}: ${grouped(chosen.size)}`;
  const said = form.querySelector("[data-count]");
  const full = chosen.size >= Number(form.dataset.most) ? ` ${form.dataset.full}` : "";
  const text = everything ? allSaid : number + full;
  if (said.textContent !== text) said.textContent = text;
  const offer = form.querySelector("[data-all]");
  offer.textContent = all;
  offer.hidden = everything || !all;
  form.querySelector("[data-page]").hidden = everything || whole;
}

function tick(some, on) {
  if (everything) {
    everything = false;
    for (const box of boxes()) chosen.add(box.value);
  }
  for (const box of some) {
    if (!on) chosen.delete(box.value);
    else if (chosen.size < Number(form.dataset.most)) chosen.add(box.value);
  }
  paint();
}

function clear() {
  chosen.clear();
  everything = false;
  last = null;
  paint();
}

function onTick(event) {
  const box = event.target;
  if (box.matches("[data-pick-page]")) tick(boxes(), box.checked);
  if (!box.matches("[data-pick]")) return;
  const here = boxes();
  const from = here.findIndex(({ value }) => value === last);
  const to = here.indexOf(box);
  const range = event.shiftKey && from >= 0;
  const some = range ? here.slice(Math.min(from, to), Math.max(from, to) + 1) : [box];
  last = box.value;
  tick(some, box.checked);
}

// Up and down walk along the column of boxes.
function onKey(event) {
  if (!event.target.matches("[data-pick], [data-pick-page]")) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
  const column = [...document.querySelectorAll("#list [data-pick-page], #list [data-pick]")];
  const next = column[column.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  if (event.shiftKey && next.matches("[data-pick]")) {
    last = next.value;
    tick([next], true);
  }
}

// Another search or filter is another list: what is no longer seen must not stay chosen.
function onSwap() {
  if (list().dataset.filter !== filter) clear();
  filter = list().dataset.filter;
  paint();
}

export function startSelection() {
  form = document.querySelector("[data-selection]");
  if (!form) return;
  filter = list().dataset.filter;
  document.addEventListener("click", (event) => {
    if (event.target.closest("#list")) onTick(event);
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:after:swap", onSwap);
  addEventListener("pageshow", paint);
  form.querySelector("[data-page]").addEventListener("click", () => tick(boxes(), true));
  form.querySelector("[data-all]").addEventListener("click", () => {
    everything = true;
    paint();
    form.querySelector("[data-clear]").focus();
  });
  form.querySelector("[data-clear]").addEventListener("click", () => {
    clear();
    list().focus({ preventScroll: true });
  });
  paint();
}

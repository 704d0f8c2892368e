// Ctrl+K: people, organisations, sections and actions in one dialog, by keyboard (combobox with a list).
import { noteRecent, recent } from "./recent.js";

const PAUSE = 150; // ms without typing before the server is asked
const MOST_RECENT = 5;
const SVG = "http://www.w3.org/2000/svg";
let dialog, input, list, state;
let places = null; // sections and additions, asked for once a page
let found = []; // groups of people and organisations
let answered = ""; // the words they answer
let hurried = null; // the words after which Enter came sooner than the answer
let timer = 0;
let before = null;

const fold = (text) => text.normalize("NFKC").toLowerCase().replaceAll("\u0451", "\u0435");
const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
const typed = () => input.value.trim();
const shown = () => [...list.querySelectorAll("[role=option]")];
const active = () => list.querySelector("[aria-selected=true]");

// Every typed word begins some word of the entry, in any order.
function fits(item, asked) {
  const words = wordsOf(`${item.label} ${item.hint}`);
  return asked.every((one) => words.some((word) => word.startsWith(one)));
}

function acts() {
  const buttons = [...document.querySelectorAll("[data-act]")];
  return buttons
    .filter((one) => one.ariaPressed !== "true" && one.ariaCurrent !== "true")
    .map((button) => ({ label: button.dataset.act, hint: "", button, icon: iconOf(button) }));
}

const iconOf = (button) => button.querySelector("use")?.href.baseVal.split("#")[1] ?? "settings";

function groups() {
  const asked = wordsOf(typed());
  const { recent: late, acts: title } = dialog.dataset;
  if (!asked.length) {
    const first = { title: late, items: recent().slice(0, MOST_RECENT) };
    return [first, ...(places ?? [])];
  }
  const own = [...(places ?? []), { title, items: acts() }];
  const near = own.map((group) => ({ ...group, items: group.items.filter((i) => fits(i, asked)) }));
  return [...joined(near), ...(answered === typed() ? found : [])];
}

// Actions of the server and of the page stand under one heading.
function joined(all) {
  const byTitle = new Map();
  for (const { title, items } of all) {
    byTitle.set(title, { title, items: [...(byTitle.get(title)?.items ?? []), ...items] });
  }
  return [...byTitle.values()];
}

function sign(name) {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("class", "ic");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${dialog.dataset.icons}#${name}`);
  icon.append(use);
  return icon;
}

function line(item, number) {
  const option = document.createElement(item.href ? "a" : "div");
  option.id = `palette-${number}`;
  option.className = "pick-line";
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  if (item.href) Object.assign(option, { href: item.href, tabIndex: -1 });
  else option.addEventListener("click", () => act(item.button));
  const words = document.createElement("span");
  words.textContent = item.label;
  const hint = document.createElement("small");
  hint.textContent = item.hint;
  option.append(sign(item.icon), words, ...(item.hint ? [hint] : []));
  return option;
}

function act(button) {
  close();
  button.click();
}

function draw() {
  const kept = active()?.textContent;
  const filled = groups().filter((group) => group.items.length);
  let number = 0;
  list.replaceChildren(
    ...filled.map((group, at) => {
      const box = document.createElement("div");
      box.setAttribute("role", "group");
      box.setAttribute("aria-labelledby", `palette-group-${at}`);
      const heading = document.createElement("div");
      heading.id = `palette-group-${at}`;
      heading.className = "over";
      heading.textContent = group.title;
      box.append(heading, ...group.items.map((item) => line(item, number++)));
      return box;
    }),
  );
  list.hidden = !number;
  input.setAttribute("aria-expanded", String(Boolean(number)));
  mark(shown().find((option) => option.textContent === kept) ?? shown()[0]);
  const { some, none } = dialog.dataset;
  const { loading } = document.body.dataset;
  if (settled()) state.textContent = number ? some.replace("{}", number) : none;
  else state.textContent = number ? "" : loading;
}

// Both answers of the server stand here: the places and what the typed words name.
const settled = () => Boolean(places) && (!typed() || answered === typed());

// What came is shown; whoever pressed Enter too early goes on once all of it is here.
function arrive() {
  draw();
  if (settled() && hurried === typed()) active()?.click();
}

function mark(option) {
  active()?.setAttribute("aria-selected", "false");
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  return input.setAttribute("aria-activedescendant", option.id);
}

async function ask(words) {
  const url = new URL(dialog.dataset.url, location.href);
  if (words) url.searchParams.set("q", words);
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (answer.redirected) location.reload(); // the session has ended
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  return (await answer.json()).groups;
}

async function renew() {
  const words = typed();
  if (!words || words === answered) return draw();
  try {
    const groups = await ask(words);
    if (words !== typed()) return undefined; // an older answer
    [found, answered] = [groups, words];
  } catch {
    if (words === typed()) state.textContent = dialog.dataset.lost;
    return undefined;
  }
  arrive();
  return undefined;
}

function step(by) {
  const options = shown();
  if (!options.length) return;
  const at = options.indexOf(active()) + by;
  mark(options.at(at % options.length));
}

function onKey(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) step(steps[event.key]);
  else if (event.key === "Enter") {
    if (active()) active().click();
    else hurried = typed();
  } else return;
  event.preventDefault();
}

function close() {
  dialog.close();
}

export function openPalette() {
  if (!dialog || document.querySelector("dialog[open]")) return false;
  before = document.activeElement;
  [input.value, hurried] = ["", null];
  dialog.showModal();
  input.focus();
  draw();
  if (!places) {
    ask("")
      .then((groups) => {
        places = groups;
        arrive();
      })
      .catch(() => (state.textContent = dialog.dataset.lost));
  }
  return true;
}

export function startPalette() {
  noteRecent();
  dialog = document.querySelector("dialog[data-palette]");
  if (!dialog) return;
  input = dialog.querySelector("input");
  list = dialog.querySelector("[role=listbox]");
  state = dialog.querySelector("[role=status]");
  for (const opener of document.querySelectorAll("[data-palette-open]")) {
    opener.addEventListener("click", (event) => openPalette() && event.preventDefault());
  }
  dialog.querySelector("button").addEventListener("click", close);
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  dialog.addEventListener("close", () => before?.focus());
  input.addEventListener("keydown", onKey);
  input.addEventListener("input", () => {
    hurried = null;
    clearTimeout(timer);
    timer = setTimeout(renew, PAUSE);
    draw();
  });
}

// Keys of the pages of requests: j and k walk along the lines, a and r decide, ? tells the keys.
// By the place of the key: with a Russian layout it types another letter.
const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

const lines = () => [...document.querySelectorAll("[data-line]")];
const isHere = (line) => line.contains(document.activeElement);

function walk(step) {
  const all = lines();
  const here = all.findIndex(isHere);
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step];
  if (!next) return;
  const target = next.querySelector("[data-line-focus]") ?? next;
  target.focus();
  target.scrollIntoView({ block: "nearest" });
}

// On the page of many requests nothing is decided by one key: it leads to the button or the reason.
function approach(value) {
  document.querySelector(`[data-many] ${value === "a" ? "[data-key=a]" : "[data-why]"}`)?.focus();
}

function choose(value) {
  const line = lines().find(isHere);
  const choice = line?.querySelector(`[data-key=${value}]`);
  if (!choice) {
    approach(value);
    return;
  }
  choice.checked = true;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  if (value === "r") line.querySelector("[data-why]")?.focus();
}

function tell() {
  const help = document.querySelector("[data-keys]");
  if (!help) return false;
  help.open = !help.open;
  help.querySelector("summary").focus();
  return true;
}

const KEYS = {
  KeyJ: () => walk(1),
  KeyK: () => walk(-1),
  KeyA: () => choose("a"),
  KeyR: () => choose("r"),
};

function leave(event) {
  const line = event.target.closest("[data-line]");
  if (event.key !== "Escape" || !line || !event.target.matches("[data-why]")) return;
  (line.querySelector(":checked") ?? line.querySelector("[data-line-focus]")).focus();
}

// Ticked lines are counted; one box ticks all.
function startMany(form) {
  const boxes = [...form.querySelectorAll("[data-one]")];
  const every = form.querySelector("[data-every]");
  const said = form.querySelector("[data-picked]");
  const paint = () => {
    const number = boxes.filter((box) => box.checked).length;
    said.textContent = number ? said.dataset.picked.replace("{}", String(number)) : "";
    every.checked = number === boxes.length;
    every.indeterminate = number > 0 && number < boxes.length;
  };
  every.hidden = false;
  form.addEventListener("change", (event) => {
    if (event.target === every) for (const box of boxes) box.checked = every.checked;
    paint();
  });
  addEventListener("pageshow", paint);
  paint();
}

for (const form of document.querySelectorAll("[data-many]")) startMany(form);

// A prepared question goes into the text, where it can be completed.
document.addEventListener("change", (event) => {
  const choice = event.target;
  if (!choice.dataset.into || !choice.value) return;
  const words = document.getElementById(choice.dataset.into);
  const said = choice.selectedOptions[0].dataset.text;
  words.value = words.value.trim() ? `${words.value.trim()}\n${said}` : said;
  choice.value = "";
  words.focus();
});

document.addEventListener("keydown", leave);
document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!plain || event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    if (tell()) event.preventDefault();
    return;
  }
  const act = event.shiftKey ? null : KEYS[event.code];
  if (!act || lines().length === 0) return;
  event.preventDefault();
  act();
});

// Ctrl+↓ and Ctrl+↑ go between the sections of a form; the index counts what is filled.
import { holdsFile } from "./files.js";

const INPUTS = "input:not([type=hidden], [type=checkbox]), select, textarea";

function inputsOf(section) {
  return [...section.querySelectorAll(INPUTS)].filter((input) => input.name);
}

function enter(section) {
  // A section with nothing to type is read: the cursor stands at its first value.
  const input = inputsOf(section)[0] ?? section.querySelector(".locked");
  section.scrollIntoView({ block: "start" });
  if (!input) return;
  if (input.tomselect) input.tomselect.focus();
  else input.focus({ preventScroll: true });
}

function startCounting(form) {
  const count = (section) => {
    const tally = document.querySelector(`[data-tally="${section.id}"]`);
    if (!tally) return;
    const inputs = inputsOf(section);
    const locked = [...section.querySelectorAll(".locked")];
    const filled = inputs.filter((input) => input.value.trim() || holdsFile(input)).length;
    const kept = locked.filter((text) => !text.querySelector(".none")).length;
    tally.textContent = `${filled + kept}/${inputs.length + locked.length}`;
  };
  const renew = ({ target }) => {
    const section = target.closest("fieldset");
    if (section) count(section);
    const need = document.querySelector(`[data-need="${CSS.escape(target.id)}"]`);
    if (need) need.hidden = Boolean(target.value.trim()) || holdsFile(target);
  };
  form.addEventListener("input", renew);
  form.addEventListener("change", renew);
}

export function startSections(form) {
  const sections = [...form.querySelectorAll("fieldset.section")];
  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const step = event.key === "ArrowDown" ? 1 : -1;
    const current = document.activeElement?.closest("fieldset.section");
    const at = sections.indexOf(current);
    const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), sections.length - 1);
    event.preventDefault();
    enter(sections[next]);
  });
  startCounting(form);
}

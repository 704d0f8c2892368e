// Columns of a list: found by a part of the name, ticked, moved up and down.
import { onDialog } from "./dialog.js";

function move(line, step) {
  const next = step < 0 ? line.previousElementSibling : line.nextElementSibling;
  if (!next) return;
  if (step < 0) next.before(line);
  else next.after(line);
  line.scrollIntoView({ block: "nearest" });
}

function start(box) {
  const form = box.querySelector("[data-chooser]");
  if (!form) return;
  const lines = () => [...form.querySelectorAll("li")];
  const number = form.querySelector("[data-number]");
  const most = Number(form.dataset.most);
  const count = () => {
    const ticked = form.querySelectorAll("input:checked").length;
    number.textContent = `${ticked} ${number.dataset.text}`;
    for (const input of form.querySelectorAll("li input:not(:checked)")) input.disabled = ticked >= most;
  };
  const find = form.querySelector("[data-find]");
  find.addEventListener("input", () => {
    const words = find.value.trim().toLocaleLowerCase();
    for (const line of lines()) line.hidden = !line.textContent.toLocaleLowerCase().includes(words);
  });
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  form.addEventListener("change", count);
  form.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-move]");
    if (!button) return;
    move(button.closest("li"), Number(button.dataset.move));
    button.focus();
  });
  form.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const line = event.target.closest("li");
    if (!step || !line || !event.altKey) return;
    event.preventDefault();
    move(line, step);
    line.querySelector("input").focus();
  });
  count();
}

export function startChooser() {
  onDialog(start);
}

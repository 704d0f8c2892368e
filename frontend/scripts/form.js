// Forms: nothing typed is lost, everything can be done from the keyboard.
import { startBulk } from "./bulk.js";
import { startDrafts, startSending } from "./drafts.js";
import { startFiles, take } from "./files.js";
import { startMasks } from "./masks.js";
import { startSections } from "./sections.js";
import { startTips } from "./tips.js";

const form = document.querySelector("form[data-form]");

function contents() {
  const data = new FormData(form);
  data.delete("csrf_token");
  const plain = ([name, value]) => [name, value instanceof File ? value.name : value];
  return new URLSearchParams([...data].map(plain)).toString();
}

function startGuard() {
  const first = contents();
  const changed = () => form.hasAttribute("data-changed") || contents() !== first;
  let leaving = false;
  form.addEventListener("submit", (event) => (leaving = !event.defaultPrevented));
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("beforeunload", (event) => {
    if (!leaving && changed()) event.preventDefault();
  });
}

function startSaving() {
  const save = form.querySelector("[data-save]");
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.code !== "KeyS") return;
    event.preventDefault();
    if (!event.repeat) form.requestSubmit(save);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=file])")) event.preventDefault();
  });
}

function startTaking() {
  for (const button of form.querySelectorAll("[data-take]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const input = document.getElementById(button.dataset.take);
      const { value, label } = button.dataset;
      if (input.type === "file") {
        take(input, value, label);
      } else if (input.tomselect) {
        if (value) input.tomselect.addOption({ value, label });
        input.tomselect.setValue(value);
      } else {
        input.value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
      input.focus();
    });
  }
}

function startGrowing() {
  for (const area of form.querySelectorAll("textarea")) {
    const grow = () => {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 2}px`;
    };
    area.addEventListener("input", grow);
    grow();
  }
}

// A link of what is said above puts the cursor into the input, wherever the picker has hidden it.
function go(id) {
  const input = document.getElementById(id);
  if (!input) return;
  input.closest(".field")?.scrollIntoView({ block: "center" });
  if (input.tomselect) input.tomselect.focus();
  else input.focus({ preventScroll: true });
}

function startLinks() {
  const first = document.querySelector("[data-first]");
  for (const words of document.querySelectorAll("[data-first]")) {
    words.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      if (!link) return;
      event.preventDefault();
      go(link.hash.slice(1));
    });
  }
  if (first) first.focus();
  else if (location.hash) setTimeout(() => go(decodeURIComponent(location.hash.slice(1))));
}

startMasks(form);
startSending(form);
startGuard();
startSaving();
startTaking();
startFiles(form);
startGrowing();
startSections(form);
startTips(form);
startLinks();
startBulk(form);
startDrafts(form);

// The export dialog: the rows ticked in the list, and the columns only when they are chosen.
import { onDialog } from "./dialog.js";

function start(box) {
  const form = box.querySelector("[data-export]");
  if (!form) return;
  const some = form.querySelector("[data-some]");
  const paint = () => {
    some.hidden = form.elements.columns.value !== "chosen";
  };
  const bar = document.querySelector("[data-selection]:not([hidden])");
  if (bar?.elements.ids.value) {
    const place = form.querySelector("[data-selected]");
    const ids = bar.elements.ids.value;
    form.elements.ids.value = ids;
    place.hidden = false;
    place.querySelector("input").checked = true;
    place.querySelector("small").textContent = String(ids.split(",").length);
  }
  form.addEventListener("change", paint);
  form.addEventListener("submit", () => {
    // The file leaves the page as it is; a job leads to its own page.
    setTimeout(() => box.closest("dialog")?.close(), 300);
  });
  paint();
  form.querySelector("input[type=radio]:checked").focus();
}

export function startExport() {
  onDialog(start);
}

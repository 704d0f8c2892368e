// Every page: menu, keys, questions before destroying, the end of the session.
import { startAsking } from "./asking.js";
import { startIdle } from "./idle.js";
import { startKeys } from "./keys.js";
import { startLooks } from "./looks.js";
import { startMenus } from "./menus.js";
import { startContents } from "./contents.js";
import { startPalette } from "./palette.js";

startMenus();
startPalette();
startKeys();
startLooks();
startAsking();
startIdle();
startContents();

for (const button of document.querySelectorAll("[data-reveal]")) {
  const input = document.getElementById(button.dataset.reveal);
  const show = button.textContent;
  button.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.textContent = hidden ? button.dataset.hide : show;
    input.focus();
  });
}

// Back in the browser's own way keeps what was typed on the page before.
for (const link of document.querySelectorAll("[data-back]")) {
  link.addEventListener("click", (event) => {
    if (history.length < 2) return;
    event.preventDefault();
    history.back();
  });
}

// The second click on a button that is already sending does nothing; a file leaves the page alone.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (event.submitter?.dataset.download !== undefined) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});

// A page that comes back from the browser's memory can be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

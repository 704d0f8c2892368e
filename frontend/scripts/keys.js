// Keys of every page: Ctrl+K the search of the portal, / the search of the list.
import { openPalette } from "./palette.js";

const TYPING = "input, textarea, select, [contenteditable]";

function focusOn(id, event) {
  const input = document.getElementById(id);
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.select();
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    const ctrl = event.ctrlKey || event.metaKey;
    // By the place of the key: with a Russian layout it types another letter.
    if (ctrl && event.code === "KeyK" && openPalette()) event.preventDefault();
    const slash = event.key === "/" || (event.code === "Slash" && !event.shiftKey);
    if (slash && !ctrl && !event.altKey && !event.target.closest(TYPING)) focusOn("q", event);
  });
}

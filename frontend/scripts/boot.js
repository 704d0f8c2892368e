// Before the first paint: scripts run, and the sidebar is as it was left.
const page = document.documentElement;
page.classList.add("js");
try {
  const side = localStorage.getItem("side");
  if (side) page.dataset.side = side;
} catch {
  // Storage is switched off: the sidebar follows the width of the window.
}

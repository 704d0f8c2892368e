// A page of its own shown over the list: columns, conditions, views, files. Without a script, or
// when the session has ended, the link leads to that page.
const starters = [];

export function onDialog(start) {
  starters.push(start);
  const whole = document.querySelector("main > #dialog");
  if (whole) start(whole);
}

async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById("dialog");
}

function shown(content) {
  const dialog = document.createElement("dialog");
  dialog.className = "tool-box";
  dialog.setAttribute("aria-labelledby", "dialog-title");
  content.removeAttribute("role");
  content.removeAttribute("aria-labelledby");
  dialog.append(document.adoptNode(content));
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.showModal();
  for (const start of starters) start(content);
  document.dispatchEvent(new CustomEvent("portal:pickers", { detail: content }));
}

async function open(address) {
  let content = null;
  try {
    content = await fetched(address);
  } catch {
    // No connection: the browser says so on the page itself.
  }
  if (content) shown(content);
  else location.assign(address);
}

// The list may have been searched since the page was made: its present address is kept by #list.
export function startDialogs() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(document.getElementById("list")?.dataset[link.dataset.dialog] || link.href);
  });
}

// The sidebar (folded, or over the page on a phone) and the menus made of <details>.
const page = document.documentElement;
const narrow = matchMedia("(max-width: 1366px)");

function folded() {
  return page.dataset.side ? page.dataset.side === "narrow" : narrow.matches;
}

function nameIcons() {
  for (const link of document.querySelectorAll(".sidebar nav a")) {
    if (folded()) link.title = link.dataset.name;
    else link.removeAttribute("title");
  }
}

function fold() {
  page.dataset.side = folded() ? "wide" : "narrow";
  try {
    localStorage.setItem("side", page.dataset.side);
  } catch {
    // Storage is switched off: it will be forgotten with the page.
  }
  nameIcons();
}

function startSidebar() {
  const button = document.querySelector("[data-fold]");
  if (!button) return;
  button.addEventListener("click", () => {
    fold();
    button.setAttribute("aria-expanded", String(!folded()));
  });
  button.setAttribute("aria-expanded", String(!folded()));
  nameIcons();
  narrow.addEventListener("change", nameIcons);
}

function startBurger() {
  const burger = document.querySelector("[data-burger]");
  const menu = document.getElementById("menu");
  if (!burger || !menu) return;
  const close = () => {
    if (page.dataset.menu === undefined) return;
    delete page.dataset.menu;
    burger.setAttribute("aria-expanded", "false");
    burger.focus();
  };
  burger.setAttribute("role", "button");
  burger.setAttribute("aria-expanded", "false");
  burger.addEventListener("click", (event) => {
    event.preventDefault();
    page.dataset.menu = "";
    burger.setAttribute("aria-expanded", "true");
    menu.querySelector("a")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) close();
  });
}

export function startMenus() {
  startSidebar();
  startBurger();
  const open = () => document.querySelectorAll("details.menu[open], details.why[open]");
  document.addEventListener("pointerdown", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

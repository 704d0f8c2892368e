// What every form has: saving by key, a question before leaving, links to inputs.
function contents(form) {
  const data = new FormData(form);
  data.delete("csrf_token");
  const plain = ([name, value]) => [name, value instanceof File ? value.name : value];
  return new URLSearchParams([...data].map(plain)).toString();
}

export function startGuard(form) {
  const first = contents(form);
  const changed = () => form.hasAttribute("data-changed") || contents(form) !== first;
  let leaving = false;
  form.addEventListener("submit", (event) => (leaving = !event.defaultPrevented));
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("beforeunload", (event) => {
    if (!leaving && changed()) event.preventDefault();
  });
}

export function startSaving(form) {
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

export function startGrowing(form) {
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

export function startLinks() {
  const first = document.querySelector("[data-first]");
  for (const words of document.querySelectorAll("[data-first]")) {
    words.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      if (!link) return;
      event.preventDefault();
      go(link.hash.slice(1));
    });
  }
  if (first) {
    first.focus();
    // Words about one section stand above what they are about: bring that into sight too.
    first.closest(".section")?.scrollIntoView({ block: "start" });
  } else if (location.hash) {
    setTimeout(() => go(decodeURIComponent(location.hash.slice(1))));
  }
}

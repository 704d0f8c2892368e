// Theme and height of rows change at once; the server remembers the choice with the account.
const page = document.documentElement;
const USUAL = { theme: "system", density: "usual" };
const ATTRIBUTE = { theme: "bsTheme", density: "density" };

export function show(name, value) {
  if (value === USUAL[name]) delete page.dataset[ATTRIBUTE[name]];
  else page.dataset[ATTRIBUTE[name]] = value;
  for (const button of document.querySelectorAll(`[data-looks] [name="${name}"]`)) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
}

export async function choose(name, value) {
  const form = document.querySelector("form[data-looks]");
  const sent = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, [name]: value });
  show(name, value);
  const answer = await fetch(form.action, {
    method: "POST",
    body: sent,
    headers: { Accept: "application/json" },
  });
  if (!answer.ok) location.reload(); // the session has ended
}

export function startLooks() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-looks]") || !event.submitter) return;
    event.preventDefault();
    choose(event.submitter.name, event.submitter.value);
  });
}

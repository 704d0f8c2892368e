// A new person: whether somebody like that is there already, asked while the form is filled in.
const PAUSE = 500; // ms without typing before the server is asked
const LOOKED_AT = ["last_name", "first_name", "middle_name", "birth_date", "snils"];

export function startAlike(form) {
  const box = form.querySelector("[data-alike]");
  const inputs = LOOKED_AT.map((name) => form.elements[name]).filter(Boolean);
  if (!box || !inputs.length) return;
  let timer = 0;
  let asked = "";

  async function ask() {
    const body = new URLSearchParams(inputs.map((input) => [input.name, input.value]));
    const words = body.toString();
    if (words === asked) return;
    asked = words;
    body.set("csrf_token", form.elements.csrf_token.value);
    try {
      const answer = await fetch(box.dataset.alike, { method: "POST", body });
      if (!answer.ok || answer.redirected || words !== asked) return;
      box.innerHTML = await answer.text();
    } catch {
      asked = ""; // no connection: asked again with the next change
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }
  for (const input of inputs) {
    input.addEventListener("input", later);
    input.addEventListener("change", later);
  }
  later();
}

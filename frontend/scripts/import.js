// Imports: a file is sent piece by piece with its progress; answers are saved as they are given.

const ALIVE = 5 * 60 * 1000; // between two signs of life while a large file is being sent

function startUpload(form) {
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  const bar = form.querySelector("[data-sending-bar]");
  const trouble = form.querySelector("[data-trouble]");
  const progress = bar.querySelector("progress");
  const words = bar.querySelector("[data-sending-words]");
  const token = form.elements.csrf_token.value;
  const keepalive = document.querySelector("[data-idle]")?.dataset.url;
  let sending = null;
  let alive = 0;

  function say(text) {
    trouble.querySelector("span").textContent = text;
    trouble.hidden = false;
  }

  function fault(file) {
    const { largest, endings, tooLarge, wrong, empty } = form.dataset;
    const name = file.name.toLowerCase();
    if (!endings.split(",").some((ending) => name.endsWith(ending))) return wrong;
    if (file.size > Number(largest)) return tooLarge;
    return file.size ? "" : empty;
  }

  function rest() {
    clearInterval(alive);
    sending = null;
    bar.hidden = true;
    drop.hidden = false;
    removeEventListener("beforeunload", ask);
  }

  function ask(event) {
    event.preventDefault();
  }

  async function here() {
    const headers = { "X-CSRFToken": token, Accept: "application/json" };
    const answer = await fetch(keepalive, { method: "POST", headers });
    return answer.ok;
  }

  function end() {
    const { status, responseText } = sending;
    let told = {};
    try {
      told = JSON.parse(responseText);
    } catch {
      // an error page
    }
    if (status === 200 && told.href) {
      words.textContent = form.dataset.sent;
      removeEventListener("beforeunload", ask);
      location.assign(told.href);
      return;
    }
    rest();
    const { ended, tooLarge, refused } = form.dataset;
    say(told.error ?? { 401: ended, 413: tooLarge }[status] ?? refused);
  }

  function send(file) {
    sending = new XMLHttpRequest();
    sending.open("POST", `${form.action}?name=${encodeURIComponent(file.name)}`);
    sending.setRequestHeader("Content-Type", "application/octet-stream");
    sending.setRequestHeader("X-CSRFToken", token);
    sending.upload.addEventListener("progress", ({ loaded, total }) => {
      progress.value = (100 * loaded) / total;
      if (loaded === total) words.textContent = form.dataset.sent;
    });
    sending.addEventListener("load", end);
    for (const [event, text] of [
      ["error", form.dataset.lost],
      ["abort", form.dataset.stopped],
    ]) {
      sending.addEventListener(event, () => {
        rest();
        say(text);
      });
    }
    alive = setInterval(() => here().catch(() => {}), ALIVE);
    addEventListener("beforeunload", ask);
    sending.send(file);
  }

  async function begin() {
    const file = input.files[0];
    if (!file || sending) return;
    trouble.hidden = true;
    const wrong = fault(file);
    if (wrong) {
      say(wrong);
      return;
    }
    words.textContent = form.dataset.sending.replace("{name}", file.name);
    progress.value = 0;
    drop.hidden = true;
    bar.hidden = false;
    sending = true;
    try {
      if (await here()) {
        send(file);
        return;
      }
      rest();
      say(form.dataset.ended);
    } catch {
      rest();
      say(form.dataset.lost);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin();
  });
  bar.querySelector("[data-stop]").addEventListener("click", () => sending?.abort?.());
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.toggle("over", name === "dragenter" || name === "dragover");
    });
  }
  form.addEventListener("drop", ({ dataTransfer }) => {
    if (!dataTransfer.files.length || sending) return;
    input.files = dataTransfer.files;
    begin();
  });
}

function startAnswers(form) {
  const said = form.querySelector("[data-said]");
  form.addEventListener("change", async ({ target }) => {
    if (!target.name || target.name === "csrf_token") return;
    const data = new FormData(form);
    const body = new URLSearchParams({ csrf_token: data.get("csrf_token") });
    const key = target.name.slice(target.name.indexOf(".") + 1);
    for (const name of [`answer.${key}`, `row.${key}`]) {
      if (data.has(name)) body.set(name, data.get(name));
    }
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.action, { method: "POST", headers, body });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      said.textContent = (await answer.json()).said;
      stale(form.dataset.check);
    } catch {
      said.textContent = form.dataset.lost;
    }
  });
}

// What was checked is not what would be loaded any more: the button to load gives way.
function stale(words) {
  const [check, load] = ["check", "apply"].map((name) =>
    document.querySelector(`#import .head form[action$="/${name}"] button`),
  );
  load?.closest("form").remove();
  if (!check) return;
  check.lastChild.textContent = words;
  check.classList.replace("btn-plain", "btn-primary");
}

for (const form of document.querySelectorAll("[data-upload]")) startUpload(form);
for (const form of document.querySelectorAll("[data-answers]")) startAnswers(form);

// The page has renewed itself while a job went on; now that it has ended, it begins as a whole.
const living = document.querySelector("[data-living]");
if (living) {
  new MutationObserver(() => {
    if (!document.querySelector("[data-living]")) location.reload();
  }).observe(living.parentElement, { childList: true });
}

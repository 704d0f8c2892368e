// What is typed into a form is kept as a draft on the server; a save waits for the network.
const IDLE = 5000;
const AGAIN = 10000;
const PATIENCE = 8000;
const CARRIED = ["csrf_token", "form_key", "version"];

// Texts of all inputs but files, several of one name together.
function texts(form) {
  const found = new Map();
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File || CARRIED.includes(name)) continue;
    found.set(name, [...(found.get(name) ?? []), value]);
  }
  return found;
}

// What differs from the page as it came; all of it where the page came back with typed texts, and
// where a form asks for that as soon as anything differs: its page came with what is typed once.
function typed(form, first) {
  const found = [...texts(form)];
  const same = ([name, values]) => first && JSON.stringify(first.get(name)) === JSON.stringify(values);
  const changed = found.filter((one) => !same(one));
  const kept = changed.length && form.hasAttribute("data-whole") ? found : changed;
  return kept.flatMap(([name, values]) => values.map((value) => [name, value]));
}

function bodyOf(form, pairs) {
  const body = new FormData();
  for (const name of CARRIED) body.append(name, form.elements[name].value);
  for (const [name, value] of pairs) body.append(name, value);
  return body;
}

async function replyOf(answer) {
  return answer.headers.get("content-type")?.includes("json") ? answer.json() : {};
}

export function startDrafts(form) {
  const { keep, drafts, next, offline, ended, unkept } = form.dataset;
  if (!keep) return;
  const said = form.querySelector("[data-said]");
  const forget = form.querySelector("[data-forget]");
  const first = form.hasAttribute("data-changed") ? null : texts(form);
  let kept = first ? "[]" : "";
  let timer = 0;
  let leaving = false;
  let sending = null;

  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  };

  function take(reply) {
    said.textContent = reply.said;
    said.classList.remove("bad");
    forget.hidden = !reply.id;
    forget.setAttribute("formaction", `${drafts}${reply.id}/delete?next=${next}`);
    document.dispatchEvent(new Event("form:kept"));
  }

  function complain(text) {
    said.textContent = text;
    said.classList.add("bad");
  }

  async function ask(pairs, keepalive, signal) {
    const answer = await fetch(keep, { method: "POST", body: bodyOf(form, pairs), keepalive, signal });
    const reply = await replyOf(answer);
    if (reply.key) {
      // The form was saved and the browser has brought it back: from now on it is another one.
      form.elements.form_key.value = reply.key;
      return ask(pairs, keepalive, signal);
    }
    if (answer.ok) take(reply);
    else complain([400, 401].includes(answer.status) ? ended : unkept);
    return answer.status < 500;
  }

  async function send(keepalive = false) {
    clearTimeout(timer);
    if (leaving || (sending && !keepalive)) return;
    const pairs = typed(form, first);
    const text = JSON.stringify(pairs);
    if (text === kept) return;
    const call = (sending = new AbortController());
    let answered = false;
    try {
      if (navigator.onLine) answered = await ask(pairs, keepalive, call.signal);
      else complain(offline);
    } catch (error) {
      if (error.name === "AbortError") return;
      complain(offline);
    } finally {
      if (sending === call) sending = null;
    }
    if (answered) kept = text;
    if (!answered) later(AGAIN);
    else if (JSON.stringify(typed(form, first)) !== text) later(IDLE);
  }

  for (const kind of ["input", "change"]) form.addEventListener(kind, () => later(IDLE));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send(true);
  });
  addEventListener("pagehide", () => send(true));
  addEventListener("online", () => send());
  form.addEventListener("form:leaving", () => {
    leaving = true;
    clearTimeout(timer);
    sending?.abort();
  });
  addEventListener("pageshow", () => (leaving = false));
  if (!first) later(IDLE);
}

// The browser would put its own page in place of a form that cannot be sent: ask the portal first.
export function startSending(form) {
  const { ping, waiting } = form.dataset;
  if (!ping) return;
  const said = form.querySelector("[data-said]");
  let button = null;
  let wanted = false;
  let asking = false;
  let sure = false;
  let timer = 0;

  async function answers() {
    if (!navigator.onLine) return false;
    const headers = { "X-CSRFToken": form.elements.csrf_token.value };
    try {
      await fetch(ping, { method: "POST", headers, signal: AbortSignal.timeout(PATIENCE) });
      return true;
    } catch {
      return false;
    }
  }

  async function go() {
    if (asking || !wanted) return;
    clearTimeout(timer);
    asking = true;
    sure = await answers();
    asking = false;
    if (sure) {
      form.requestSubmit(button);
    } else {
      said.textContent = waiting;
      said.classList.add("bad");
      timer = setTimeout(go, AGAIN / 2);
    }
  }

  form.addEventListener("submit", (event) => {
    if (sure) {
      form.dispatchEvent(new Event("form:leaving"));
      return;
    }
    event.preventDefault();
    button = event.submitter;
    wanted = true;
    go();
  });
  addEventListener("online", go);
  addEventListener("pageshow", () => {
    sure = false;
    wanted = false;
  });
}

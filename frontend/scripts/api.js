// The page of the API: choose a record and an action, fill the parameters, send, read the answer.
const root = document.querySelector("[data-api]");
const find = (name) => root.querySelector(`[data-api-${name}]`);
const record = find("record");
const operation = find("operation");
const form = find("form");
const body = document.getElementById("api-body");
const QUERY = 7; // rows of parameters before the filters fold away

let description;
let operations = [];

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function resolved(part) {
  if (!part.$ref) return part;
  return part.$ref
    .slice(2)
    .split("/")
    .reduce((found, name) => found[name], description);
}

function input(name, schema, id) {
  const codes = (schema.enum || schema.items?.enum || []).filter((code) => code !== null);
  if (schema.enum && codes.length) {
    const names = schema["x-names"] || {};
    const select = element("select", { class: "form-select", id, name });
    select.append(element("option", { value: "" }, "—"));
    for (const code of codes) {
      const label = names[code]?.[root.dataset.language];
      select.append(element("option", { value: code }, label ? `${code} — ${label}` : code));
    }
    return select;
  }
  const placeholder = schema.default ?? schema.examples?.[0] ?? "";
  const limits = schema.maxLength ? { maxlength: schema.maxLength } : {};
  return element("input", { class: "form-control", id, name, placeholder, ...limits });
}

function row(name, schema, text, where) {
  const id = `api-${where}-${name}`;
  const made = element("div", { class: "api-row", "data-in": where });
  made.append(element("label", { for: id }, element("code", {}, name)), input(name, schema, id));
  if (text) made.append(element("small", { class: "muted" }, text));
  return made;
}

function fields(chosen) {
  const shown = find("parameters");
  const filters = find("filters");
  shown.replaceChildren();
  filters.lastElementChild.replaceChildren();
  filters.hidden = true;
  filters.open = false;
  const all = [...(chosen.shared || []), ...(chosen.about.parameters || [])].map(resolved);
  for (const parameter of all) {
    if (parameter.explode && parameter.schema.properties) {
      filters.hidden = false;
      for (const [name, schema] of Object.entries(parameter.schema.properties)) {
        filters.lastElementChild.append(row(name, schema, schema.title, "query"));
      }
    } else {
      shown.append(row(parameter.name, parameter.schema, parameter.description, parameter.in));
    }
  }
  shown.classList.toggle("many", all.length > QUERY);
}

function members(chosen) {
  const content = chosen.about.requestBody?.content?.["application/json"];
  find("body").hidden = !content;
  if (!content) return;
  const schema = resolved(content.schema);
  const list = find("members").lastElementChild;
  list.replaceChildren();
  const example = {};
  for (const [name, about] of Object.entries(schema.properties)) {
    const needed = schema.required?.includes(name);
    const kind = [about.type].flat().join(" | ");
    const codes = (about.enum || []).filter((code) => code !== null).join(", ");
    list.append(
      element(
        "p",
        {},
        element("code", {}, name),
        `${needed ? " *" : ""} ${about.title} `,
        element("small", { class: "muted" }, codes ? `${kind}: ${codes}` : kind),
      ),
    );
    if (needed) example[name] = about.examples?.[0] ?? (about.enum || [null])[0];
  }
  body.value = JSON.stringify(example, null, 2);
}

function current() {
  return operations[Number(operation.value)];
}

function request() {
  const chosen = current();
  const headers = { Accept: "application/json", "Accept-Language": root.dataset.language };
  const query = new URLSearchParams();
  let path = chosen.path;
  for (const line of form.querySelectorAll("[data-in]")) {
    const { name, value } = line.querySelector("input, select");
    if (line.dataset.in === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (value && line.dataset.in === "header") headers[name] = value;
    else if (value) query.set(name, value);
  }
  const sent = { method: chosen.method.toUpperCase(), headers, credentials: "same-origin" };
  if (!find("body").hidden) {
    headers["Content-Type"] = "application/json";
    sent.body = body.value;
  }
  const tail = query.toString();
  return { address: tail ? `${path}?${tail}` : path, sent };
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function preview() {
  const { address, sent } = request();
  find("line").textContent = `${sent.method} ${decodeURI(address)}`;
  const words = ["curl", "-X", sent.method, "-H", quoted("Authorization: Bearer $TOKEN")];
  words[4] = '"Authorization: Bearer $TOKEN"';
  for (const [name, value] of Object.entries(sent.headers)) {
    if (!name.startsWith("Accept")) words.push("-H", quoted(`${name}: ${value}`));
  }
  if (sent.body) words.push("-d", quoted(sent.body));
  find("curl").textContent = [...words, quoted(location.origin + address)].join(" ");
}

async function send(event) {
  event.preventDefault();
  const { address, sent } = request();
  if (sent.method !== "GET") sent.headers["X-CSRFToken"] = root.dataset.token;
  const answer = await fetch(address, sent);
  const text = await answer.text();
  const told = [element("b", {}, `${answer.status} ${answer.statusText}`)];
  for (const name of ["ETag", "Location", "Allow"]) {
    const value = answer.headers.get(name);
    if (value) told.push(element("code", {}, `${name}: ${value}`));
  }
  const status = find("status");
  status.className = answer.ok ? "api-status good" : "api-status bad";
  status.replaceChildren(...told);
  const result = find("result");
  result.hidden = !text;
  try {
    result.textContent = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    result.textContent = text;
  }
  find("none").hidden = true;
  const tag = answer.headers.get("ETag");
  if (tag) form.dataset.tag = tag;
  status.scrollIntoView({ block: "nearest" });
}

function choose() {
  const chosen = current();
  fields(chosen);
  members(chosen);
  const match = document.getElementById("api-header-If-Match");
  if (match && form.dataset.tag) match.value = form.dataset.tag;
  const ident = document.getElementById("api-path-id");
  if (ident) ident.value = form.dataset.ident || "1";
  preview();
}

function list() {
  operation.replaceChildren();
  delete form.dataset.tag;
  operations.forEach(({ about }, at) => {
    if (about.tags?.includes(record.value)) {
      operation.append(element("option", { value: at }, about.summary));
    }
  });
  choose();
}

async function start() {
  const headers = { "Accept-Language": root.dataset.language };
  const answer = await fetch(root.dataset.api, { headers, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  description = await answer.json();
  for (const [path, item] of Object.entries(description.paths)) {
    for (const method of ["get", "post", "patch", "delete"]) {
      if (item[method]) {
        operations.push({ path, method, about: item[method], shared: item.parameters });
      }
    }
  }
  for (const { name, description: text } of description.tags) {
    record.append(element("option", { value: name }, text));
  }
  const first = description.tags.find(({ name }) => name === "organisation");
  if (first) record.value = first.name;
  list();
}

record.addEventListener("change", list);
operation.addEventListener("change", choose);
form.addEventListener("submit", send);
form.addEventListener("input", (event) => {
  if (event.target.id === "api-path-id") form.dataset.ident = event.target.value;
  if (event.target !== record && event.target !== operation) preview();
});
start().catch(() => {
  find("broken").hidden = false;
});

// Conditions with «and» and «or»: rows are added and removed, and written into the address.
import { onDialog } from "./dialog.js";

const MANY = ["in", "out"];
const NONE = ["empty", "filled"];

function copy(box, name) {
  return box.querySelector(`template[${name}]`).content.firstElementChild.cloneNode(true);
}

function picked(row) {
  return row.querySelector("[data-field]").selectedOptions[0];
}

function selecting(operator) {
  const select = document.createElement("select");
  select.multiple = MANY.includes(operator);
  return select;
}

function option(value, text, chosen) {
  return new Option(text, value, chosen, chosen);
}

// The input that suits the field and the comparison, with what was typed before.
function valueInput(box, row, values) {
  const { widget, href, options } = picked(row).dataset;
  const operator = row.querySelector("[data-operator]").value;
  const place = row.querySelector("[data-value]");
  place.replaceChildren();
  if (NONE.includes(operator)) return;
  let input;
  if (href) {
    input = selecting(operator);
    for (const [value, text] of values) input.append(option(value, text, true));
    input.dataset.picker = href;
  } else if (options && widget !== "text") {
    input = selecting(operator);
    input.append(box.querySelector(`template[data-values="${options}"]`).content.cloneNode(true));
    for (const [value] of values) {
      const known = [...input.options].find((one) => one.value === value);
      if (known) known.selected = true;
      else input.append(option(value, value, true));
    }
    input.dataset.choices = "";
  } else if (widget === "yesno") {
    input = selecting(operator);
    const no = values[0]?.[0] === "0";
    input.append(option("1", place.dataset.yes, !no), option("0", place.dataset.no, no));
  } else {
    input = document.createElement("input");
    input.value = values[0]?.[0] ?? "";
    input.maxLength = 200;
    input.autocomplete = "off";
    if (widget === "date" || widget === "datetime") input.placeholder = place.dataset.date;
    if (widget === "date") input.inputMode = "numeric";
    if (widget === "number") input.inputMode = "decimal";
  }
  input.className = input.localName === "select" ? "form-select" : "form-control";
  input.setAttribute("aria-label", place.dataset.label);
  place.append(input);
  document.dispatchEvent(new CustomEvent("portal:pickers", { detail: place }));
}

function typed(row) {
  const input = row.querySelector("[data-value] > select, [data-value] > input");
  if (!input) return [];
  if (input.localName === "input") return [[input.value, input.value]];
  return [...input.selectedOptions].map(({ value, text }) => [value, text]);
}

function operators(row, chosen) {
  const select = row.querySelector("[data-operator]");
  const known = JSON.parse(picked(row).dataset.operators);
  select.replaceChildren(...known.map(([name, text]) => option(name, text, name === chosen)));
}

function condition(box, part) {
  const row = copy(box, "data-condition");
  const field = row.querySelector("[data-field]");
  if (part) field.value = part.field;
  operators(row, part?.operator);
  valueInput(box, row, part?.values ?? []);
  field.addEventListener("change", () => {
    operators(row, null);
    valueInput(box, row, []);
  });
  row.querySelector("[data-operator]").addEventListener("change", () => {
    valueInput(box, row, typed(row));
  });
  return row;
}

function group(box, tree, inner) {
  const made = copy(box, "data-group");
  made.querySelector("[data-any]").value = tree.any ? "any" : "all";
  const parts = made.querySelector("[data-parts]");
  for (const part of tree.parts) {
    parts.append(part.parts ? group(box, part, true) : condition(box, part));
  }
  if (inner) made.querySelector("[data-add-group]").remove();
  else made.querySelector(".how [data-remove]").remove();
  return made;
}

function escaped(text) {
  return text.trim().replace(/[(),~]/g, "~$&");
}

function written(row) {
  const field = row.querySelector("[data-field]").value;
  const operator = row.querySelector("[data-operator]").value;
  if (NONE.includes(operator)) return `${field}:empty:${operator === "empty" ? 1 : 0}`;
  const value = typed(row).map(([one]) => one).filter(Boolean).join("|");
  return value.trim() ? `${field}:${operator}:${escaped(value)}` : "";
}

function composed(made) {
  const parts = [...made.querySelector("[data-parts]").children]
    .map((part) => (part.matches("fieldset") ? composed(part) : written(part)))
    .filter(Boolean);
  return parts.length ? `${made.querySelector("[data-any]").value}(${parts.join()})` : "";
}

function start(box) {
  const form = box.querySelector("[data-builder]");
  if (!form) return;
  const root = form.querySelector("[data-root]");
  const most = Number(form.dataset.most);
  const count = () => form.querySelectorAll(".cond").length;
  const limit = () => {
    const full = count() >= most;
    form.querySelector("[data-full]").hidden = !full;
    for (const add of form.querySelectorAll("[data-add], [data-add-group]")) add.disabled = full;
  };
  const begin = (tree) => {
    root.replaceChildren(group(box, tree, false));
    if (!count()) root.querySelector("[data-parts]").append(condition(box));
    limit();
    root.querySelector("[data-field]").focus();
  };
  form.addEventListener("click", ({ target }) => {
    const parts = target.closest("fieldset")?.querySelector("[data-parts]");
    if (target.closest("[data-empty]")) begin({ any: false, parts: [] });
    else if (target.closest("[data-add]")) {
      parts.append(condition(box));
      parts.lastElementChild.querySelector("[data-field]").focus();
    } else if (target.closest("[data-add-group]")) {
      const inner = group(box, { any: true, parts: [] }, true);
      inner.querySelector("[data-parts]").append(condition(box));
      parts.append(inner);
      inner.querySelector("[data-field]").focus();
    } else if (target.closest("[data-remove]")) {
      const gone = target.closest(".cond") ?? target.closest("fieldset");
      const next = gone.nextElementSibling ?? gone.previousElementSibling ?? parts;
      const more = gone.parentElement.closest("fieldset").querySelector(":scope > .more [data-add]");
      gone.remove();
      (next?.querySelector("[data-remove]") ?? more).focus();
    }
    limit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.elements.where.value = composed(root.querySelector("fieldset"));
    const given = new URLSearchParams(new FormData(form));
    if (!given.get("where")) given.delete("where");
    // Signs that an address may hold stay readable in it.
    const text = given.toString().replace(/%(28|29|2C|3A|7E|7C)/g, decodeURIComponent);
    const address = new URL(form.action);
    address.search = text;
    location.assign(address);
  });
  begin(JSON.parse(form.dataset.tree));
}

export function startBuilder() {
  onDialog(start);
}

// Pickers: rows of another record found while typing, and long lists of choices.
import TomSelect from "tom-select/base";
import clearButton from "tom-select/plugins/clear_button/plugin.js";
import removeButton from "tom-select/plugins/remove_button/plugin.js";

TomSelect.define("clear_button", clearButton);
TomSelect.define("remove_button", removeButton);
const { none, loading, clear } = document.body.dataset;

function line(item, escape) {
  const hint = item.hint ? `<small>${escape(item.hint)}</small>` : "";
  return `<div>${escape(item.label)}${hint}</div>`;
}

const COMMON = {
  plugins: { clear_button: { title: clear } },
  valueField: "value",
  labelField: "label",
  searchField: ["label"],
  maxItems: 1,
  maxOptions: 200,
  selectOnTab: true,
  refreshThrottle: 0, // Enter right after the last letter takes what these letters find
  render: {
    option: line,
    item: (item, escape) => `<div>${escape(item.label)}</div>`,
    no_results: () => `<div class="no-results">${none}</div>`,
    loading: () => `<div class="loading">${loading}</div>`,
  },
};

// One value that can be cleared, or several of which each can be removed.
function kept(select) {
  if (!select.multiple) return COMMON;
  return { ...COMMON, maxItems: null, plugins: { remove_button: { title: clear } } };
}

async function ask(address, words) {
  const url = new URL(address, location.href);
  url.searchParams.set("q", words);
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) return [];
  return (await answer.json()).items;
}

function picker(select) {
  const { picker: address, placeholder } = select.dataset;
  let answered = ""; // the words whose answer is shown
  let hurried = null; // the words after which Enter or Tab came sooner than the answer

  function show(made, words, items, done) {
    const chosen = made.items;
    for (const value of Object.keys(made.options)) {
      if (!chosen.includes(value)) made.removeOption(value, true);
    }
    answered = words;
    done(items);
    if (words !== hurried || items.length !== 1) return;
    made.addItem(items[0].value);
    made.close();
  }

  const made = new TomSelect(select, {
    ...kept(select),
    placeholder: placeholder ?? "",
    preload: "focus",
    hideSelected: true,
    loadThrottle: 250,
    // The server has searched: what it found is shown as it came, and nothing of an older answer
    // can be chosen for words that are still being asked about.
    score: (words) => () => Number(words === answered),
    shouldLoad: () => true,
    load(words, done) {
      this.loadedSearches = {}; // older answers are not kept
      ask(address, words)
        .then((items) => {
          if (words === this.inputValue() || words === hurried) show(this, words, items, done);
          else done();
        })
        .catch(() => done());
    },
  });
  made.control_input.addEventListener(
    "keydown",
    ({ key }) => {
      const typed = made.inputValue();
      const early = ["Enter", "Tab"].includes(key) && typed && typed !== answered;
      hurried = early ? typed : null;
    },
    true,
  );
  bind(made, select);
}

function choices(select) {
  const made = new TomSelect(select, {
    ...kept(select),
    labelField: "text",
    searchField: ["text"],
    render: {
      ...COMMON.render,
      option: (item, escape) => `<div>${escape(item.text)}</div>`,
      item: (item, escape) => `<div>${escape(item.text)}</div>`,
    },
  });
  bind(made, select);
}

// What is said about the select is said about the input that stands for it.
function bind(made, select) {
  select.hidden = true;
  made.on("type", (words) => made.wrapper.classList.toggle("typing", Boolean(words)));
  made.on("blur", () => made.wrapper.classList.remove("typing"));
  made.on("item_add", () => made.wrapper.classList.remove("typing"));
  for (const name of ["aria-label", "aria-describedby", "aria-invalid", "aria-required"]) {
    const value = select.getAttribute(name);
    if (value) made.control_input.setAttribute(name, value);
  }
  made.wrapper.classList.toggle("invalid", select.getAttribute("aria-invalid") === "true");
}

// Of the page, and of what comes into it later.
function start(place) {
  for (const select of place.querySelectorAll("select[data-picker]:not([hidden])")) picker(select);
  for (const select of place.querySelectorAll("select[data-choices]:not([hidden])")) choices(select);
}

start(document);
document.addEventListener("portal:pickers", ({ detail }) => start(detail));

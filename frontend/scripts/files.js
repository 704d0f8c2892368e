// Inputs of files: what is attached, what will take its place, what is too large to be sent.
const partsOf = (input) => {
  const box = input.closest("[data-filed]");
  return {
    kept: box.querySelector("input[type=hidden]"),
    present: box.querySelector("[data-present]"),
    refused: box.querySelector("[data-refused]"),
    remove: box.querySelector("input[type=checkbox]"),
  };
};

// The present file is struck out while another one is chosen or it is to be taken away.
function mark(input) {
  const { present, remove } = partsOf(input);
  present.classList.toggle("gone", remove.checked || input.files.length > 0);
}

function check(input) {
  const { refused } = partsOf(input);
  const [file] = input.files;
  const tooLarge = Boolean(file) && file.size > Number(input.dataset.largest);
  refused.hidden = !tooLarge;
  if (tooLarge) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  if (tooLarge) input.value = "";
}

export function holdsFile(input) {
  if (input.type !== "file") return false;
  const { kept, remove } = partsOf(input);
  return input.files.length > 0 || (Boolean(kept.value) && !remove.checked);
}

// Takes the file that somebody else saved meanwhile.
export function take(input, value, label) {
  const { kept, present, remove } = partsOf(input);
  input.value = "";
  kept.value = value;
  remove.checked = false;
  present.hidden = !value;
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = label;
  present.querySelector(".name").replaceWith(name);
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

export function startFiles(form) {
  for (const input of form.querySelectorAll("[data-filed] input[type=file]")) {
    input.addEventListener("change", () => {
      check(input);
      mark(input);
    });
    partsOf(input).remove.addEventListener("change", () => mark(input));
    mark(input);
  }
}

// Input masks. The server checks everything all the same, so a mask only helps the fingers: a value
// that does not fit it is left exactly as it was typed or pasted.
import IMask from "imask/holder";
import "imask/masked/pattern";
import "imask/masked/dynamic";

const DATE = "00{.}00{.}0000";
const PATTERNS = {
  date: DATE,
  datetime: `${DATE} 00{:}00`,
  time: "00{:}00",
  snils: "000{-}000{-}000 00",
};
// What may stand in a value that the pattern can hold; anything else switches the mask off.
const FITS = { date: /^[\d.]*$/, datetime: /^[\d.: ]*$/, time: /^[\d:]*$/, snils: /^[\d -]*$/ };

function patternOf(name) {
  if (name in PATTERNS) return { mask: PATTERNS[name], fits: FITS[name] };
  const [kind, rest] = [name.slice(0, name.indexOf(":")), name.slice(name.indexOf(":") + 1)];
  if (kind === "digits") return { mask: "0".repeat(Number(rest)), fits: /^\d*$/ };
  if (kind === "pattern") return { mask: rest.replace(/[^0]/g, "{$&}"), fits: /^[\d.\- /]*$/ };
  return null;
}

function room(mask) {
  return mask.replace(/[{}]/g, "").replace(/[^0]/g, "").length;
}

function attach(input, { mask, fits }) {
  const digits = room(mask);
  const holds = (text) => fits.test(text) && text.replace(/\D/g, "").length <= digits;
  if (!holds(input.value)) return;
  let masked = IMask(input, { mask, lazy: true });
  const release = () => {
    masked?.destroy();
    masked = null;
  };
  // A paste the mask would cut or bend is taken as it is.
  input.addEventListener(
    "paste",
    (event) => {
      const text = event.clipboardData?.getData("text") ?? "";
      if (!masked || holds(text.trim())) return;
      release();
    },
    true,
  );
  // So is a letter or sign: somebody means to write something else, and the server will say.
  input.addEventListener(
    "beforeinput",
    (event) => {
      if (masked && event.inputType === "insertText" && event.data && !fits.test(event.data)) release();
    },
    true,
  );
}

// Russian numbers are grouped as +7 4812 20-00-00 is not decidable while typing: the code of a town
// has three to five digits. So only the beginning is mended, and the normal form is the server's.
function phone(input) {
  input.addEventListener("change", () => {
    const text = input.value.trim();
    const digits = text.replace(/\D/g, "");
    if (/^8[\d\s()-]*$/.test(text) && digits.length === 11) {
      input.value = `+7${text.slice(1)}`;
    }
  });
}

function decimal(input) {
  input.addEventListener("change", () => {
    if (/^[\d\s]+\.\d+$/.test(input.value.trim())) input.value = input.value.trim().replace(".", ",");
  });
}

export function startMasks(form) {
  for (const input of form.querySelectorAll("[data-mask]")) {
    const name = input.dataset.mask;
    if (name === "phone") phone(input);
    else if (name === "decimal") decimal(input);
    else {
      const pattern = patternOf(name);
      if (pattern) attach(input, pattern);
    }
  }
}

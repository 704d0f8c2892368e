// The save bar tells why the law asks for the input that has the cursor; Tab skips the icons.
// Opened by its icon, the reason stands below the input and covers nothing.
export function startTips(form) {
  const tip = form.querySelector("[data-tip]");
  const usual = tip.firstElementChild;
  for (const why of form.querySelectorAll(".why")) {
    const words = why.querySelector(":scope > div");
    why.querySelector("summary").tabIndex = -1;
    why.addEventListener("toggle", () => {
      words.classList.toggle("reason", why.open);
      (why.open ? why.closest(".field") : why).append(words);
    });
  }
  form.addEventListener("focusin", ({ target }) => {
    const why = target.closest(".field")?.querySelector("[id$='-why']")?.textContent;
    tip.replaceChildren(why ?? usual);
  });
}

// The save bar tells why the law asks for the input that has the cursor; Tab skips the icons.
export function startTips(form) {
  const tip = form.querySelector("[data-tip]");
  const usual = tip.firstElementChild;
  for (const summary of form.querySelectorAll(".why > summary")) summary.tabIndex = -1;
  form.addEventListener("focusin", ({ target }) => {
    const why = target.closest(".field")?.querySelector(".why > div")?.textContent;
    tip.replaceChildren(why ?? usual);
  });
}

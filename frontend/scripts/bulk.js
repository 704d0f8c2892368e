// One value for many rows: whoever types into a field means to change it.
export function startBulk(form) {
  if (!form.matches("[data-bulk]")) return;
  const mark = (event) => {
    const line = event.target.closest(".bulk-line");
    if (!line || event.target.name.startsWith("change-")) return;
    const box = line.querySelector("[name^='change-']");
    const clear = line.querySelector("[name^='clear-']");
    const value = line.querySelector("[name^='to-']").value.trim();
    box.checked = Boolean(value) || Boolean(clear?.checked);
  };
  form.addEventListener("input", mark);
  form.addEventListener("change", mark);
}

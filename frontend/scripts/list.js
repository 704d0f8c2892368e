// Lists: search while typing, filters, order and pages renew only the rows; addresses stay real.
import htmx from "htmx.org";
import { startBuilder } from "./builder.js";
import { startChooser } from "./chooser.js";
import { startDialogs } from "./dialog.js";
import { startExport } from "./export.js";
import { startSelection } from "./selection.js";

htmx.config.includeIndicatorCSS = false;
let focused = "";

// Blank inputs stay out of the address.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-list]")) return;
  const data = event.formData;
  for (const name of [...data.keys()]) {
    if (!data.getAll(name).some((value) => String(value).trim())) data.delete(name);
  }
});

// A lost session or a failure is shown as the whole page it is.
document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  const { raw, status } = ctx.response;
  if (status < 400 && !raw.redirected) return;
  event.preventDefault();
  location.assign(ctx.request.action);
});

document.addEventListener("htmx:before:request", () => {
  focused = document.activeElement?.id ?? "";
});

document.addEventListener("htmx:after:swap", () => {
  if (!focused) return;
  if (document.activeElement === document.body) {
    const next = document.getElementById(focused) ?? document.getElementById("list");
    next?.focus({ preventScroll: true });
  }
  if (focused.startsWith("page-")) scrollTo({ top: 0 });
  focused = "";
});

startSelection();
startDialogs();
startBuilder();
startChooser();
startExport();

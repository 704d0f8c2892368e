// Pages that renew a part of themselves while something goes on in the background.
import htmx from "htmx.org";

htmx.config.includeIndicatorCSS = false;

// A lost session or a portal that is being restarted: look again later, on the whole page.
document.addEventListener("htmx:before:response", (event) => {
  const { raw, status } = event.detail.ctx.response;
  if (status < 400 && !raw.redirected) return;
  event.preventDefault();
  setTimeout(() => location.reload(), 5000);
});

// Two minutes before the session ends for want of activity a banner offers to go on.
const WARNING = 120;

export function startIdle() {
  const banner = document.querySelector("[data-idle]");
  const seconds = Number(document.body.dataset.idleSeconds);
  if (!banner || !seconds) return;
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    banner.hidden = true;
    timer = setTimeout(() => (banner.hidden = false), Math.max(seconds - WARNING, 5) * 1000);
  };
  banner.querySelector("button").addEventListener("click", async () => {
    const { url, token } = banner.dataset;
    const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token } });
    if (answer.ok) wait();
    else location.reload();
  });
  // Each answer of the server counts as activity, also one that renews only a part of the page.
  for (const kind of ["htmx:after:request", "form:kept"]) document.addEventListener(kind, wait);
  wait();
}

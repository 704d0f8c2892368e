// The index beside a long page marks the section in sight.
function inSight(section) {
  const { top, bottom } = section.getBoundingClientRect();
  return bottom > 80 && top < innerHeight - 80;
}

export function startContents() {
  const index = document.querySelector("[data-index]");
  if (!index) return;
  const links = new Map();
  for (const link of index.querySelectorAll("a")) {
    const section = document.getElementById(link.hash.slice(1));
    if (section) links.set(section, link);
  }
  const mark = () => {
    const line = innerHeight * 0.3;
    let current = [...links.keys()][0];
    for (const section of links.keys()) {
      if (section.getBoundingClientRect().top <= line) current = section;
    }
    const focused = document.activeElement?.closest("fieldset.section");
    const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    if (end && scrollY > 0) current = [...links.keys()].at(-1);
    if (links.has(focused) && inSight(focused)) current = focused;
    for (const [section, link] of links) link.classList.toggle("on", section === current);
  };
  let asked = false;
  addEventListener(
    "scroll",
    () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        mark();
      });
    },
    { passive: true },
  );
  addEventListener("focusin", mark);
  mark();
}

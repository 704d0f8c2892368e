// <form data-confirm="question"> asks in a dialog before it is sent.
export function startAsking() {
  const dialog = document.querySelector("dialog[data-ask]");
  if (!dialog) return;
  const [no, yes] = dialog.querySelectorAll("button");
  const usual = yes.textContent;
  let waiting = null;

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.dataset.confirm || form.dataset.confirmed) return;
      event.preventDefault();
      event.stopPropagation();
      waiting = form;
      dialog.querySelector("p").textContent = form.dataset.confirm;
      yes.textContent = form.dataset.confirmYes || usual;
      dialog.showModal();
      no.focus();
    },
    true,
  );
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    dialog.close();
    waiting.dataset.confirmed = "yes";
    waiting.requestSubmit();
  });
}

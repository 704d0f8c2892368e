// <form data-confirm="question"> asks in a dialog before it is sent; so may one of its buttons.
export function startAsking() {
  const dialog = document.querySelector("dialog[data-ask]");
  if (!dialog) return;
  const [no, yes] = dialog.querySelectorAll("button");
  const usual = yes.textContent;
  let waiting = null;
  let pressed = null;

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const { confirm, confirmYes } = event.submitter?.dataset.confirm ? event.submitter.dataset : form.dataset;
      if (!confirm || form.dataset.confirmed) return;
      event.preventDefault();
      event.stopPropagation();
      waiting = form;
      pressed = event.submitter;
      dialog.querySelector("p").textContent = confirm;
      yes.textContent = confirmYes || usual;
      dialog.showModal();
      no.focus();
    },
    true,
  );
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    dialog.close();
    waiting.dataset.confirmed = "yes";
    waiting.requestSubmit(pressed);
  });
}

// Forms: nothing typed is lost, everything can be done from the keyboard.
import { startAlike } from "./alike.js";
import { startBulk } from "./bulk.js";
import { startDrafts, startSending } from "./drafts.js";
import { startFiles, take } from "./files.js";
import { startMasks } from "./masks.js";
import { startGrowing, startGuard, startLinks, startSaving } from "./saving.js";
import { startSections } from "./sections.js";
import { startTips } from "./tips.js";

const form = document.querySelector("form[data-form]");

function startTaking() {
  for (const button of form.querySelectorAll("[data-take]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const input = document.getElementById(button.dataset.take);
      const { value, label } = button.dataset;
      if (input.type === "file") {
        take(input, value, label);
      } else if (input.tomselect) {
        if (value) input.tomselect.addOption({ value, label });
        input.tomselect.setValue(value);
      } else {
        input.value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
      input.focus();
    });
  }
}

startMasks(form);
startSending(form);
startGuard(form);
startSaving(form);
startTaking();
startFiles(form);
startGrowing(form);
startSections(form);
startTips(form);
startLinks();
startBulk(form);
startDrafts(form);
startAlike(form);

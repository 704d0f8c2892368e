// The page between a form and its saving: it is sent like the form itself.
import { startSending } from "./drafts.js";
import { startMasks } from "./masks.js";
import { startGrowing, startGuard, startLinks, startSaving } from "./saving.js";

const form = document.querySelector("form[data-told]");
startMasks(form);
startSending(form);
startGuard(form);
startSaving(form);
startGrowing(form);
startLinks();

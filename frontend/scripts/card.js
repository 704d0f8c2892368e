// The page of one row: what asks something first opens over it.
import { startDialogs } from "./dialog.js";

startDialogs();

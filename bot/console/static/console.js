// Starts the components of GOV.UK Frontend; every page works without.
import { initAll } from "./govuk-frontend.js";
initAll();

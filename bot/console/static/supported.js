// Says that scripts run, before the page is drawn: GOV.UK Frontend's styles ask for it.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}

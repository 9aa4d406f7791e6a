// htmx sends the token of the session with whatever it posts.
document.body.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  event.detail.headers["X-CSRF-Token"] = token ? token.content : "";
});

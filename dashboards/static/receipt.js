// A link or QR code carries the code after #, which no server ever sees: put it into the form, and out of the address.
const field = document.getElementById("code");
if (field instanceof HTMLInputElement && window.location.hash.length > 1) {
  field.value = decodeURIComponent(window.location.hash.slice(1));
  window.history.replaceState(null, "", window.location.pathname);
}
const copy = document.getElementById("copy");
if (copy) {
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.textContent);
    copy.textContent = "Copied";
  });
}
const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

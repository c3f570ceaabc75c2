// Show how much of an upload has arrived. Without this, the form works all the same.
const form = document.getElementById("upload");
form?.addEventListener("submit", (event) => {
  if (!document.getElementById("files").files.length) return;
  event.preventDefault();
  const going = document.getElementById("going");
  const far = document.getElementById("far");
  const said = document.getElementById("said");
  const button = form.querySelector("button");
  const failed = () => {
    said.textContent = "The connection broke off. Your files are still chosen: press “Hand in” to send them again.";
    button.disabled = false;
  };
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.responseType = "text";
  going.hidden = false;
  button.disabled = true;
  request.upload.addEventListener("progress", (step) => {
    const share = step.lengthComputable ? Math.round((100 * step.loaded) / step.total) : 0;
    far.value = share;
    said.textContent = share < 100 ? `${share} per cent is sent.` : "All is sent. It is being checked.";
  });
  request.addEventListener("load", () => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    document.title = page.title;
    document.getElementById("main").replaceWith(page.getElementById("main"));
    document.getElementById("main").focus();
  });
  request.addEventListener("error", failed);
  request.addEventListener("abort", failed);
  request.send(new FormData(form));
});

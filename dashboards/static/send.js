// Ask the server, and ask again while the line is down. What it has acknowledged is safe there.
const sending = {
  token: document.querySelector("input[name=token]")?.value ?? "",
  trouble: () => {},
  well: () => {},

  // Somebody signed in anew, perhaps in another tab: take the tokens of this page as it is now.
  async renew() {
    const answer = await fetch(window.location.href, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = [...page.querySelectorAll("input[name=token]")].map((one) => one.value);
    if (!fresh.length) return;
    sending.token = fresh[0];
    document.querySelectorAll("input[name=token]").forEach((one, number) => {
      one.value = fresh[number] ?? fresh[0];
    });
  },

  async once(method, path, body) {
    const answer = await fetch(path, {
      method,
      body,
      headers: { "Listening-Token": sending.token },
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(60000),
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      await sending.renew();
      throw new Error("You are signed out. Sign in again in another tab; then this goes on.");
    }
    if (answer.status >= 500 || answer.status === 408 || answer.status === 429) throw new Error("");
    return { status: answer.status, ...(await answer.json()) };
  },

  async ask(method, path, body) {
    for (let wait = 400; ; wait = Math.min(2 * wait, 8000)) {
      try {
        const answer = await sending.once(method, path, body);
        sending.well();
        return answer;
      } catch (error) {
        sending.trouble(error instanceof TypeError || error.name === "TimeoutError" ? "" : error.message);
        await new Promise((done) => {
          const timer = setTimeout(go, wait);
          function go() {
            clearTimeout(timer);
            window.removeEventListener("online", go);
            done();
          }
          window.addEventListener("online", go);
        });
      }
    }
  },
};

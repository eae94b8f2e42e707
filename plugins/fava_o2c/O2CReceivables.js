// A search without loading all of Fava again: the form becomes a link, which Fava's own router follows.
// Without this module the forms work all the same.

function follow(form) {
  const [path, place] = (form.getAttribute("action") ?? "").split("#");
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value) asked.append(name, value);
  }
  const link = document.createElement("a");
  link.href = `${path}?${asked}${place ? `#${place}` : ""}`;
  form.append(link);
  link.click();
  link.remove();
}

function prepare() {
  for (const form of document.querySelectorAll(".o2c form.tools")) {
    if (form.dataset.o2c) continue;
    form.dataset.o2c = "ready";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      follow(form);
    });
    for (const choice of form.querySelectorAll("select")) {
      choice.addEventListener("change", () => form.requestSubmit());
    }
  }
}

export default { onPageLoad: prepare };

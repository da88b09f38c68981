if (navigator.clipboard) for (const box of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button"), name = "Copy " + box.dataset.copy;
  button.type = "button";
  button.textContent = name;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(box.dataset.of).textContent.trim());
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = name; }, 2000);
  });
  box.append(button);
}

// Runs before the page is painted, so that the page is never painted in another theme than the chosen one.
{
  const KEY = "convexgateway.theme";
  const themes = ["system", "light", "dark"];
  const stored = () => {
    try {
      return themes.includes(localStorage.getItem(KEY)) ? localStorage.getItem(KEY) : "system";
    } catch {
      return "system";
    }
  };
  document.documentElement.dataset.theme = stored();

  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const show = () => (button.textContent = `Theme: ${document.documentElement.dataset.theme}`);
    button.addEventListener("click", () => {
      const next = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length];
      document.documentElement.dataset.theme = next;
      try {
        localStorage.setItem(KEY, next);
      } catch {
        // not stored
      }
      show();
    });
    show();
  });
}

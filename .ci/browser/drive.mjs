// Uses the page of examples/browser or examples/web in Chromium, and prints what it shows: drive.mjs URL. With TOKEN it signs in, with NEWER
// it refreshes by another token. The page stays open until SIGTERM.
import { chromium } from "playwright-core";

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
process.once("SIGTERM", () => browser.close().then(() => process.exit(0)));

const page = await browser.newPage();
page.setDefaultTimeout(60_000);
page.on("pageerror", (error) => fail(`the page threw ${error}`));
await page.exposeFunction("show", (line) => console.log(line));
await page.goto(process.argv[2]);

await page.getByText("anonymous", { exact: true }).waitFor();
await page.evaluate(() => {
  const watch = (id, read) => new MutationObserver(() => window.show(read(document.getElementById(id))))
    .observe(document.getElementById(id), { childList: true });
  watch("me", (me) => me.textContent);
  watch("log", (log) => log.textContent.trimEnd().split("\n").at(-1));
  watch("messages", (list) => `subscribe: ${list.children.length} messages, the last: ${list.lastChild?.textContent}`);
});

await page.getByPlaceholder("session token").fill(process.env.TOKEN ?? "");
await page.getByRole("button", { name: "Sign in" }).click();
await page.getByRole("button", { name: "Send" }).click();
await page.getByText("refused: CONVEX_ERROR").waitFor();
await page.getByPlaceholder("message").fill("hello from the browser");
await page.getByRole("button", { name: "Send" }).click();
if (process.env.NEWER) {
  await page.getByText("grace: hello from the browser").waitFor();
  await page.getByPlaceholder("session token").fill(process.env.NEWER);
  await page.getByRole("button", { name: "Refresh" }).click();
}

function fail(text) {
  console.error(text);
  process.exit(1);
}

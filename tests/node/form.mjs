// Opens a page in a browser that says what it does, fills its form in, and presses one of its buttons.
//
// node form.mjs FOLDER URL FIELDS BUTTON [SCREENSHOT.png]
//
// FIELDS is a JSON object of names and values. Writes JSON: what browser.mjs does, and what the page after it says.

import { launched, look } from "./launched.mjs";

const [folder, address, fields, button, screenshot] = process.argv.slice(2);
const { browser, page, seen } = await launched(folder);
const opened = await page.goto(address, { waitUntil: "load" });
seen.status = opened.status();
seen.headers = opened.headers();
await look(page, seen);
const requests = seen.requests.filter((url) => url !== address);
if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });
for (const [name, value] of Object.entries(JSON.parse(fields))) await page.locator(`input[name="${name}"]`).fill(value);
const [sent] = await Promise.all([
  page.waitForResponse((response) => response.request().method() === "POST"),
  page.getByRole("button", { name: button }).click(),
]);
await page.waitForLoadState("load");
seen.after = { status: sent.status(), url: page.url(), text: await page.locator("body").innerText() };
await browser.close();
console.log(JSON.stringify({ ...seen, requests }));

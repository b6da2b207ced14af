// Opens a page in a browser that says what it does.
//
// node browser.mjs FOLDER PAGE.html [SCREENSHOT.png]
//
// Writes JSON: what the page tried to load or run, what the browser refused, and what is to be seen.

import { pathToFileURL } from "node:url";

import { launched, look } from "./launched.mjs";

const [folder, file, screenshot] = process.argv.slice(2);
const { browser, page, seen } = await launched(folder);
const address = pathToFileURL(file).href;
await page.goto(address, { waitUntil: "load" });
await look(page, seen);
seen.requests = seen.requests.filter((url) => url !== address);
seen.address = page.url() === address;
if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });
await browser.close();
console.log(JSON.stringify(seen));

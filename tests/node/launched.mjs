// A browser that says what pages do. It comes out of a package and is unpacked once, into `folder`.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

/// The browser, a page of it, and what was seen of the page so far.
export async function launched(folder) {
  mkdirSync(folder, { recursive: true });
  process.env.TMPDIR = folder; // The package unpacks the browser there; a later run finds it.
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const seen = { dialogs: [], requests: [], console: [], errors: [] };
  page.on("dialog", (dialog) => {
    seen.dialogs.push(dialog.message());
    return dialog.dismiss();
  });
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("console", (message) => seen.console.push(message.text()));
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("popup", (popup) => seen.errors.push(`opened ${popup.url()}`));
  return { browser, page, seen };
}

/// Puts into `seen` what is to be seen of a page, and whether a script that somebody managed to put in would be refused.
export async function look(page, seen) {
  // Whatever reacts to a pointer or to the focus gets both.
  for (const element of await page.locator("summary, details, a, [tabindex], [onclick]").all()) {
    await element.hover({ timeout: 1000, force: true }).catch(() => {});
    await element.focus({ timeout: 1000 }).catch(() => {});
  }
  await page.waitForTimeout(300);
  seen.title = await page.title();
  seen.text = await page.locator("body").innerText();
  // Elements and attributes, as the browser read them.
  seen.elements = await page.evaluate(() => [...new Set([...document.querySelectorAll("*")].map((e) => e.localName))].sort());
  seen.handlers = await page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((e) => [...e.attributes].map((a) => a.name).filter((name) => name.startsWith("on"))));
  seen.links = await page.evaluate(() => [...document.querySelectorAll("a")].map((a) => a.href));
  seen.wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  seen.injected = await page.evaluate(() => new Promise((resolve) => {
    document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true });
    const script = document.createElement("script");
    script.textContent = "document.title = 'run'";
    document.body.append(script);
    setTimeout(() => resolve(document.title === "run" ? "run" : "nothing"), 500);
  }));
}

async function launch() {
  const { default: packaged, inflate } = await import("@sparticuz/chromium");
  const { chromium } = await import("playwright-core");
  const executablePath = await packaged.executablePath();
  const options = { executablePath, args: ["--no-sandbox", "--disable-gpu"] };
  try {
    return await chromium.launch(options);
  } catch (error) {
    // A system without the libraries of browsers: the package has them, too.
    const libraries = await inflate(join(import.meta.dirname, "node_modules/@sparticuz/chromium/bin/al2023.tar.br"));
    const env = { ...process.env, LD_LIBRARY_PATH: join(libraries, "lib") };
    return await chromium.launch({ ...options, env }).catch(() => {
      throw error;
    });
  }
}

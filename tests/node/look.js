// Opens pages in Chromium, small and large, light and dark, and prints what axe-core finds wrong and what is too wide.
// node look.js FOLDER CHROMIUM PAGES…   FOLDER has node_modules with axe-core and playwright-core
"use strict";

const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");
const { pathToFileURL } = require("node:url");
const path = require("node:path");

const [folder, browser, ...pages] = process.argv.slice(2);
const need = createRequire(path.join(path.resolve(folder), "package.json"));
const axe = readFileSync(need.resolve("axe-core/axe.min.js"), "utf8");

const LOOKS = [
  { width: 1200, height: 900, colorScheme: "light" },
  { width: 1200, height: 900, colorScheme: "dark" },
  { width: 320, height: 640, colorScheme: "light" },
];

async function look(chromium, file, { width, height, colorScheme }) {
  const context = await chromium.newContext({ viewport: { width, height }, colorScheme, bypassCSP: true });
  const page = await context.newPage();
  const wrong = [];
  page.on("request", (request) => request.url().startsWith("http") && wrong.push(`fetches ${request.url()}`));
  page.on("pageerror", (error) => wrong.push(`script: ${error.message}`));
  await page.goto(pathToFileURL(file).href);
  if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wrong.push(`wider than ${width}`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run());
  for (const { id, nodes } of violations) wrong.push(...nodes.map((node) => `${id}: ${node.html}`));
  await context.close();
  return wrong.map((one) => `${colorScheme}, ${width}: ${one}`);
}

async function main() {
  const chromium = await need("playwright-core").chromium.launch({
    executablePath: browser,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const found = {};
  for (const file of pages) {
    found[file] = [];
    for (const one of LOOKS) found[file].push(...(await look(chromium, file, one)));
  }
  await chromium.close();
  console.log(JSON.stringify(found));
}

main();

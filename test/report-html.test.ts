import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { html } from '../src/report/html.ts';
import { makeFolder } from './git.ts';
import { richReport } from './report-fixture.ts';

// The report in a real browser. Debian's Chromium is enough; where there is none, that is said aloud and nothing is claimed.
const CHROMIUM = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path));
if (!CHROMIUM)
  console.warn('SKIPPED: the HTML report was not looked at in a browser, for no Chromium is installed here.');

let browser: Browser;
let file: string;
beforeAll(async () => {
  if (!CHROMIUM) return;
  file = join(makeFolder(), 'report.html');
  writeFileSync(file, html(await richReport()));
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
});
afterAll(() => browser?.close());

interface Opened {
  readonly page: Page;
  /** What the page asked for beside itself, and what it complained of. */
  readonly requests: string[];
  readonly complaints: string[];
}

async function openReport(colorScheme: 'light' | 'dark' = 'light'): Promise<Opened> {
  const page = await browser.newPage({ colorScheme, viewport: { width: 1000, height: 1400 } });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(pathToFileURL(file).href);
  return { page, requests, complaints };
}

const visible = (page: Page): Promise<number> => page.locator('.finding:visible').count();

test.skipIf(!CHROMIUM)('asks for nothing but itself, runs nothing, and complains of nothing', async () => {
  const { page, requests, complaints } = await openReport();
  expect(requests).toEqual([pathToFileURL(file).href]);
  expect(complaints).toEqual([]);
  expect(await page.locator('script, img, iframe, object, link').count()).toBe(0);
  // The hostile name is shown as text, whole.
  expect(await page.locator('h2').allInnerTexts()).toContain('::error file=x::pwn\\n\\x1b[31m|<b>&"\'`.md');
  await page.close();
});

test.skipIf(!CHROMIUM)(
  'filters by severity, by mouse and by keyboard, and hides files in which nothing is left',
  async () => {
    const { page } = await openReport();
    const [all, files] = [await visible(page), await page.locator('.file:visible').count()];
    expect(all).toBe(15);
    await page.getByLabel('2 infos').check();
    expect(await visible(page)).toBe(2);
    expect(await page.locator('.file:visible').count()).toBeLessThan(files);
    await page.getByLabel(/^all/).check();
    expect(await visible(page)).toBe(all);
    // Tab reaches the group, arrows go through it, and what has the focus is seen to have it.
    await page.locator('body').click({ position: { x: 1, y: 1 } });
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('all');
    await page.keyboard.press('ArrowRight');
    expect([await page.evaluate('document.activeElement.id'), await visible(page)]).toEqual(['only-error', 8]);
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toMatch(/^#rule-/);
    await page.close();
  },
);

/** Contrast by the formula of WCAG 2, of every text against what is painted below it. */
const CONTRAST = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => channels(color).slice(0, 3).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const below = (node) => { for (; node; node = node.parentElement) { const color = getComputedStyle(node).backgroundColor; if ((channels(color)[3] ?? 1) > 0) return color; } return getComputedStyle(document.documentElement).backgroundColor; };
  let least = 21;
  for (const node of document.querySelectorAll('body *')) {
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())) continue;
    const [a, b] = [light(getComputedStyle(node).color), light(below(node))];
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return least;
})()`;

test.skipIf(!CHROMIUM)('is light or dark as the reader’s screen is, and can be read in both', async () => {
  const papers: string[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    const { page } = await openReport(scheme);
    papers.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
    expect(await page.evaluate(CONTRAST), scheme).toBeGreaterThanOrEqual(4.5);
    // Nothing sticks out to the right, on a telephone either.
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    if (process.env['SCREENSHOTS']) await page.screenshot({ path: join(process.env['SCREENSHOTS'], `${scheme}.png`) });
    await page.close();
  }
  expect(papers).toEqual(['rgb(255, 255, 255)', 'rgb(20, 23, 27)']);
});

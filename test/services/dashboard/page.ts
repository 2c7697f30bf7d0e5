import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';

/** A page of the dashboard, with everything that went wrong in it. */
export interface OpenedPage {
  readonly page: Page;
  /** Uncaught errors, and messages of the console about refused content. */
  readonly problems: string[];
}

/** Opens the dashboard. @param fragment what it shows, such as `#/runs` */
export async function openDashboard(
  browser: Browser,
  url: string,
  fragment = '',
  width = 1_366,
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) problems.push(message.text());
  });
  await page.goto(`${url}/${fragment}`);
  return { page, problems };
}

/** A figure of the tiles, as a number. */
export async function tile(page: Page, title: string): Promise<number> {
  const text = await page
    .locator('.tile', { has: page.getByRole('heading', { name: title }) })
    .locator('.value')
    .innerText();
  return Number(text.replaceAll(/[^\d.]/g, ''));
}

/** How many pixels of a canvas have a color. @param color such as `#d0313a` */
export async function pixelsOf(page: Page, canvas: string, color: string): Promise<number> {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return await page
    .locator(canvas)
    .first()
    .evaluate(
      (element, [r, g, b]) => {
        const drawn = element as unknown as Canvas;
        const { data } = drawn.getContext('2d').getImageData(0, 0, drawn.width, drawn.height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4)
          if (data[at] === r && data[at + 1] === g && data[at + 2] === b) count += 1;
        return count;
      },
      [red, green, blue],
    );
}

/** What is used of a canvas: tests are compiled without the types of browsers. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
  };
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe-core finds, as `RULE: ELEMENT`. */
export async function violationsOf(page: Page): Promise<string[]> {
  // The policy of the page refuses script elements, so the browser evaluates it.
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run()')) as { violations: Violation[] };
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

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

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

import { chromium, type Browser } from 'playwright-core';
import { pathOf } from './programs.js';

/** Starts the Chromium of this machine. @param args more options of its command line */
export async function startChromium(args: readonly string[] = []): Promise<Browser> {
  return await chromium.launch({
    executablePath: pathOf('chromium')!,
    args: ['--no-sandbox', '--disable-dev-shm-usage', ...args],
  });
}

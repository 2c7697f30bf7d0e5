import { chromium, type Browser } from 'playwright-core';
import { pathOf } from './programs.js';

/** Starts the Chromium of this machine. */
export async function startChromium(): Promise<Browser> {
  return await chromium.launch({
    executablePath: pathOf('chromium')!,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}

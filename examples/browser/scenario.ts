// A real browser beside protocol users: a few journeys in Chromium, on lanes of their own, while
// others make the load. Browsers take a core each, so they must not share a process with users
// whose response times count.
//
//   npx drumline run examples/browser/scenario.ts --external playwright-core
import { chromium, type Browser } from 'playwright-core';
import { constant, param, scenario, startWith, trend, user } from 'drumline';

const executablePath = param('chromium', { default: '/usr/bin/chromium', help: 'path of the browser' });
const target = param('site', { default: 'http://127.0.0.1:8000', help: 'URL of the site' });
const firstPaint = trend('first contentful paint, ms');

// Once in each lane. It is started by the first journey.
let launched: Promise<Browser> | undefined;

function browser(): Promise<Browser> {
  return (launched ??= chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  }));
}

const visitor = user('visitor', {
  weight: 20,
  wait: constant('100ms'),
  tasks: { browse: ({ http }) => http.get('/products') },
});

/** Resolves with the first contentful paint, which may follow the load event, or after 2 s. */
const FIRST_PAINT = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const paint = list.getEntriesByName('first-contentful-paint')[0];
    if (paint) resolve(paint.startTime);
  }).observe({ type: 'paint', buffered: true });
  setTimeout(resolve, 2_000);
})`;

const person = user('person', {
  fixedCount: 1,
  lanes: { group: 'browsers', count: 1 },
  wait: constant('1s'),
  tasks: {
    visit: async ({ measure, check }) => {
      // A context is a fresh profile: its own cookies and cache.
      const context = await (await browser()).newContext();
      try {
        const page = await context.newPage();
        const response = await measure({ protocol: 'browser', method: 'GOTO', name: 'home' }, () =>
          page.goto(target, { waitUntil: 'load', timeout: 10_000 }),
        );
        check(response, { 'the page loads': (one) => one?.ok() === true });
        const paint = await page.evaluate<number | undefined>(FIRST_PAINT);
        if (paint !== undefined) firstPaint.add(paint);
      } finally {
        await context.close();
      }
    },
  },
});

export default scenario({
  target,
  users: [person, visitor],
  load: startWith(6).hold('10s'),
  onWorker: {
    runStop: async () => {
      if (launched) await (await launched).close();
    },
  },
});

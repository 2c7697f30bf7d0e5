// Users that exhaust the memory of their lane in different ways, and users that only load the
// target.
import { openSync } from 'node:fs';
import { constant, scenario, startWith, user } from 'drumline';

const kept: unknown[] = [];
/** One user runs each kind once in the whole run. A file records it. */
const hungers = (process.env['HUNGERS'] ?? '').split(',');
const folder = process.env['HUNGER_DIR'] ?? '.';

/** Ways in which a process runs out of memory rather than getting an error that can be caught. */
const WAYS: Record<string, () => void> = {
  arrays: () => {
    for (;;) kept.push(Array.from({ length: 100 }, (_, n) => ({ n })));
  },
  strings: () => {
    for (let n = 0; ; n += 1) kept.push(`${n} ${'text'.repeat(1_000)}`.split('').reverse().join(''));
  },
  maps: () => {
    for (;;) kept.push(new Map(Array.from({ length: 1_000 }, (_, n) => [`key ${n}`, { n }])));
  },
  closures: () => {
    for (let n = 0; ; n += 1) {
      const held = { n };
      kept.push(() => held, Promise.resolve(held));
    }
  },
  json: () => {
    const text = JSON.stringify(Array.from({ length: 10_000 }, (_, n) => ({ n, name: `item ${n}` })));
    for (;;) kept.push(JSON.parse(text));
  },
  buffers: () => {
    for (;;) kept.push(Buffer.alloc(1_000_000, 1));
  },
};

function isFirst(hunger: string): boolean {
  try {
    openSync(`${folder}/${hunger}`, 'wx');
    return true;
  } catch {
    return false;
  }
}

export default scenario({
  users: [
    user('visitor', {
      wait: constant('20ms'),
      tasks: { home: async ({ http }) => void (await http.get('/')) },
    }),
    user('eater', {
      fixedCount: hungers.length,
      tasks: {
        eat: async ({ http, sleep, user: { index } }) => {
          await http.get('/products');
          // Two complete seconds are reported by now, so the master knows the rate of the lane.
          await sleep('2500ms');
          const hunger = hungers[index % hungers.length]!;
          if (isFirst(hunger)) WAYS[hunger]!();
        },
      },
    }),
  ],
  load: startWith(10).hold(),
});

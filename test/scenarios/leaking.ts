// Leaks its secret in every possible way.
import { constant, counter, scenario, secrets, setup, startWith, user } from 'drumline';

const { PASSWORD } = secrets;
console.log(`read with ${PASSWORD}`);
const printed = counter(`printed ${PASSWORD}`);

const prepared = setup(() => {
  console.error(`set up with ${secrets.PASSWORD}`);
  return { password: secrets.PASSWORD };
});

export default scenario({
  name: `leaking ${PASSWORD}`,
  tags: { [PASSWORD!]: PASSWORD! },
  setup: prepared,
  teardown: () => {
    throw new Error(`teardown of ${PASSWORD}`);
  },
  onMaster: {
    runStart: () => {
      console.log(`the hook printed ${secrets.PASSWORD}`);
      throw new Error(`the hook failed with ${secrets.PASSWORD}`);
    },
  },
  onWorker: {
    runStart: async ({ worker }) => {
      console.log(`on the worker with ${secrets.PASSWORD}`);
      process.stdout.write(`in pieces: ${PASSWORD!.slice(0, 8)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      process.stdout.write(`${PASSWORD!.slice(8)}\n`);
      if (worker !== 'w1') return;
      setTimeout(() => {
        throw new Error(`crashed with ${PASSWORD}`);
      }, 1_500);
    },
  },
  users: [
    user('visitor', {
      wait: constant('20ms'),
      tasks: {
        spell: () => {
          console.log(JSON.stringify({ PASSWORD }), encodeURIComponent(PASSWORD!), btoa(`me:${PASSWORD}`));
          console.log(secrets);
          printed.add();
          if (prepared.result.password !== PASSWORD) throw new Error('what setup gave has changed');
        },
        ask: async ({ http, check, measure, record }) => {
          const page = await http.get(`/echo/${encodeURIComponent(PASSWORD!)}`, {
            headers: { authorization: `Bearer ${PASSWORD}` },
          });
          check(page, { [`says ${PASSWORD}`]: () => false });
          await http.get('/echo', { name: `echo ${PASSWORD}`, tags: { secret: PASSWORD! } });
          await http
            .get('/echo', { query: { password: PASSWORD! }, expect: () => `is not ${PASSWORD}` })
            .catch(() => {});
          record({
            protocol: 'own',
            name: `own ${PASSWORD}`,
            durationMs: 1,
            failure: `failed with ${PASSWORD}`,
          });
          await measure({ protocol: 'own', name: PASSWORD! }, () => {
            throw new TypeError(`measured ${PASSWORD}: ${page.text()}`);
          });
        },
        reject: () => void Promise.reject(new Error(`nobody awaits ${PASSWORD}`)),
        misread: async ({ http }) => {
          const page = await http.get(`/text`);
          page.json();
        },
        unknown: () => {
          throw Object.assign(new Error(`asked for ${secrets.OTHER}`), { secret: PASSWORD });
        },
      },
    }),
  ],
  load: startWith(3).hold(),
});

import { describe, expect, test } from '@jest/globals';
import { findFloatingCalls } from './floating.js';
import { maskCode } from './mask-code.js';

const found = (code: string): string[] => findFloatingCalls(code.split('\n')).map(({ call }) => call);
/** The code of a task as printed by esbuild. */
const inTask = (...statements: string[]): string =>
  `// shop.ts
import { user } from "drumline";
async function login(http) {
  await http.get("/login");
}
var accounts = loaded.service("bank.Accounts");
var shopper = user("shopper", {
  tasks: {
    visit: async ({ http, ws, sleep }) => {
      ${statements.join('\n      ')}
    }
  }
});`;

describe('an ignored promise is found in', () => {
  test.each([
    ['a request', ['http.get("/");'], 'http.get(…)'],
    ['a request with options over lines', ['http.post("/", {', '  json: { a: 1 }', '});'], 'http.post(…)'],
    ['a request of the context', ['context.http.get("/");'], 'context.http.get(…)'],
    ['chained calls', ['http.get("/").then((r) => {', '  r.json();', '}).catch(() => {});'], 'http.get(…)'],
    ['a branch', ['if (again(1)) http.get("/");'], 'http.get(…)'],
    [
      'a branch without braces, on its own line',
      ['if (again)', '  http.get("/");', 'else', '  done();'],
      'http.get(…)',
    ],
    ['a loop', ['for (const id of ids) {', '  http.get(`/${id}`);', '}'], 'http.get(…)'],
    ['a function within a text', ['const a = `${items.map((i) => { http.get(i); })}`;'], 'http.get(…)'],
    ['a pause', ['sleep("1s");'], 'sleep(…)'],
    ['a WebSocket', ['ws.connect("/");'], 'ws.connect(…)'],
    ['a call of gRPC', ['accounts.call("Get", {});'], 'accounts.call(…)'],
    ['an async function of the scenario', ['login(http);'], 'login(…)'],
    [
      'a loop that does not wait',
      ['ids.forEach(async (id) => {', '  await http.get(id);', '});'],
      'forEach(async …)',
    ],
  ])('%s', (_, statements, call) => {
    expect(found(inTask(...statements))).toEqual([call]);
  });
});

describe('it is not found in', () => {
  test.each([
    ['awaited calls', ['await http.get("/");', 'const r = await http.get("/");']],
    ['stored promises', ['const p = http.get("/");', 'await p;', 'state.next = http.get("/");']],
    ['returned promises', ['return http.get("/");', 'const f = () => http.get("/");']],
    ['calls with void', ['void http.get("/");']],
    ['calls in Promise.all', ['await Promise.all([', '  http.get("/a"),', '  http.get("/b")', ']);']],
    ['arguments', ['background(', '  http.get("/a")', ');', 'await login(http);']],
    [
      'texts, comments and patterns',
      ['const t = `', ';http.get("/");', '`;', '/* ;http.get("/"); */', 'const r = /;http.get(1);/;'],
    ],
    ['a method of that name', ['const o = {', '  sleep() {', '  },', '  login(http) {', '  }', '};']],
    ['another http', ['cache.https.get("/");', 'myhttp.get("/");']],
  ])('%s', (_, statements) => {
    expect(found(inTask(...statements))).toEqual([]);
  });

  test('the http of Node, and names that the code declares', () => {
    expect(found('import http from "node:http";\nhttp.get("http://a/", (r) => r.resume());')).toEqual([]);
    expect(found('function sleep(ms) {\n}\nsleep(5);')).toEqual([]);
    expect(found('import { setTimeout as sleep } from "node:timers/promises";\nsleep(5);')).toEqual([]);
  });
});

test('positions are those of the code', () => {
  expect(findFloatingCalls(['', 'async () => {', '  http.get("/");', '};'])).toEqual([
    { call: 'http.get(…)', line: 2, column: 2 },
  ]);
});

test('everything that is not code is blanked out, and the rest keeps its position', () => {
  const code =
    'a = "x\\"y"; // c\nb = `t${f("q", { k: 1 })}u`; c = 1 / 2 / d; e = /[/"]\\//g; /* x\n */ f("\'");';
  expect(maskCode(code)).toBe(
    'a = "    ";     \nb = ` ${f(" ", { k: 1 })} `; c = 1 / 2 / d; e = /      /g;     \n    f(" ");',
  );
});

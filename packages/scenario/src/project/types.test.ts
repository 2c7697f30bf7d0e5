import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkScenario } from '@drumline/scenario/project';
import { tempProjects } from '../../../../test/support/temp-project.js';
// Imports the built package, because the compiler needs its declarations.
import { findTypeErrors } from '../../dist/project/types.js';

const project = tempProjects();

const GOOD = `import { scenario, user } from 'drumline';
const visitor = user('visitor', () => ({ seen: 0 }), {
  tasks: {
    async look({ http, state }) {
      const page = await http.get('/');
      state.seen += page.status;
    },
  },
});
export default scenario({ users: [visitor] });
`;
const WRONG = GOOD.replace('page.status', 'page.statusCode');

const BANK = `import { grpc, scenario, user } from 'drumline';
const accounts = grpc.load('accounts.proto').service('bank.Accounts', { channels: 4, deadline: '2s' });
const teller = user('teller', {
  tasks: {
    async look({ check }) {
      const reply = await accounts.call('GetBalances', { ids: [1] }, { name: 'balances', metadata: { tenant: 'a' } });
      check(reply, { 'all there': ({ message }) => message?.balances.length === 10 });
    },
  },
});
export default scenario({ users: [teller] });
`;

describe('the type check', () => {
  test('reports nothing for a valid scenario', async () => {
    expect(await findTypeErrors(join(project({ 'shop.ts': GOOD }), 'shop.ts'))).toBe('');
  });

  test('accepts a scenario in JavaScript', async () => {
    expect(await findTypeErrors(join(project({ 'shop.mjs': GOOD }), 'shop.mjs'))).toBe('');
  });

  test('reports only unknown options in JavaScript', async () => {
    const loose = GOOD.replace("'/'", "'/', { naem: 'home' }").replace('page.status', 'page.statusCode');
    const said = await findTypeErrors(join(project({ 'shop.mjs': loose }), 'shop.mjs'));
    expect(said).toMatch(
      /^shop\.mjs\(5,\d+\): error TS\d+: .*'naem' does not exist in type 'RequestOptions'\.$/,
    );
  });

  test('names file, line and column of an error', async () => {
    const said = await findTypeErrors(join(project({ 'shop.ts': WRONG }), 'shop.ts'));
    expect(said).toMatch(/shop\.ts\(6,\d+\): error TS\d+: Property 'statusCode' does not exist/);
  });

  test('follows the tsconfig.json beside the scenario', async () => {
    const loose = `${GOOD}export function twice(n) { return 2 * n; }\n`;
    const strict = project({ 'shop.ts': loose });
    expect(await findTypeErrors(join(strict, 'shop.ts'))).toContain(
      "Parameter 'n' implicitly has an 'any' type",
    );
    const relaxed = project({
      'shop.ts': loose,
      'tsconfig.json':
        '{ "compilerOptions": { "strict": false, "module": "nodenext", "target": "es2023", "skipLibCheck": true } }',
    });
    expect(await findTypeErrors(join(relaxed, 'shop.ts'))).toBe('');
  });

  test('uses the types of Node if they are installed, even without a tsconfig.json', async () => {
    const text = `${GOOD}export const { TOKEN = '' } = process.env;\n`;
    const types = 'declare const process: { env: Record<string, string | undefined> };\n';
    const bare = project({ 'shop.ts': text });
    expect(await findTypeErrors(join(bare, 'shop.ts'))).toContain("Cannot find name 'process'");
    const installed = project({ 'shop.ts': text, 'node_modules/@types/node/index.d.ts': types });
    expect(await findTypeErrors(join(installed, 'shop.ts'))).toBe('');
  });

  test('accepts any method and message for services without types', async () => {
    expect(await findTypeErrors(join(project({ 'bank.ts': BANK }), 'bank.ts'))).toBe('');
  });

  test('checks services against their declared types', async () => {
    const known = `declare module 'drumline' {
      interface GrpcTypes {
        'bank.Accounts': {
          GetBalances: { kind: 'unary'; request: { ids?: number[] }; response: { balances: { cents: number }[] } };
        };
      }
    }
    `;
    const typed = async (text: string): Promise<string> =>
      await findTypeErrors(join(project({ 'bank.ts': known + text }), 'bank.ts'));
    expect(await typed(BANK)).toBe('');
    expect(await typed(BANK.replace('ids:', 'idz:'))).toMatch(/bank\.ts\(\d+,\d+\): error TS2353: .*'idz'/);
    expect(await typed(BANK.replace("'GetBalances'", "'Balances'"))).toContain('"Balances"');
    expect(await typed(BANK.replace('.length', '.size'))).toContain("'size'");
    expect(await typed(BANK.replace("'bank.Accounts'", "'bank.Others'").replace('ids:', 'idz:'))).toBe('');
  });

  test('does not need TypeScript for JavaScript', async () => {
    const folder = project({ 'shop.js': 'export default 1;' });
    expect(await findTypeErrors(join(folder, 'shop.js'), join(folder, 'elsewhere.js'))).toBe('');
  });

  test('reports missing TypeScript with a hint', async () => {
    const folder = project({ 'shop.ts': GOOD });
    await expect(findTypeErrors(join(folder, 'shop.ts'), join(folder, 'elsewhere.js'))).rejects.toMatchObject(
      {
        exit: 'scenario-invalid',
        message: expect.stringContaining('TypeScript is not installed') as unknown,
        hint: expect.stringMatching(/npm install.*--no-types/) as unknown,
      },
    );
  });

  test('reports its errors together with problems of the plan', async () => {
    const folder = project({
      'shop.ts': WRONG.replace('users: [visitor]', "target: 'nowhere', users: [visitor]"),
    });
    const checked = checkScenario(join(folder, 'shop.ts'), {}, { types: true });
    await expect(checked).rejects.toMatchObject({
      message: expect.stringMatching(
        /target: "nowhere" is not a URL[^]*shop\.ts has type errors:\n {2}.*statusCode/,
      ) as unknown,
    });
  });

  test('can be disabled', async () => {
    const folder = project({ 'shop.ts': WRONG });
    const { plan, bundle } = await checkScenario(join(folder, 'shop.ts'), {}, { types: false });
    expect(plan.userTypes).toHaveLength(1);
    expect(bundle.code).toContain('statusCode');
  });
});

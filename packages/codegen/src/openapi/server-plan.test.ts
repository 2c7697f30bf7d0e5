import { describe, expect, test } from '@jest/globals';
import { renderScenario } from '../code/scenario.js';
import { api, OK } from '../../test/openapi.js';
import { readApiDraft } from './draft.js';

describe('servers of paths and operations', () => {
  const at = (...urls: string[]) => ({ ...OK, servers: urls.map((url) => ({ url })) });
  const draftOf = (paths: object, options: { target?: string; keepHosts?: string[] } = {}, rest = {}) => {
    const given = { keepSecrets: false, keepHosts: [], ...options };
    const draft = readApiDraft(api(paths, rest), 'api.json', given);
    return { ...draft, scenario: renderScenario(draft, 'ts').text };
  };

  test.each<[string, object, string]>([
    ['the server of the document', at('https://api.example/v1'), "http.get('/x')"],
    ['the same server, written differently', at('https://API.example:443/v1/'), "http.get('/x')"],
    ['the same path without a host', at('/v1'), "http.get('/x')"],
    [
      'another path on the same host',
      at('https://api.example/v2'),
      "http.get('/../v2/x', { name: '/v2/x' })",
    ],
    ['another path without a host', at('/files/v2/'), "http.get('/../files/v2/x', { name: '/files/v2/x' })"],
    [
      'variables',
      { ...OK, servers: [{ url: 'https://{host}/v1', variables: { host: { default: 'api.example' } } }] },
      "http.get('/x')",
    ],
    [
      'variables with values to choose from',
      { ...OK, servers: [{ url: '{base}/v1', variables: { base: { enum: ['https://api.example'] } } }] },
      "http.get('/x')",
    ],
    ['a host that is a variable without a value', at('https://{tenant}.example/v1'), "http.get('/x')"],
  ])('%s: requests follow the target', (_, get, call) => {
    const { scenario, target, hosts } = draftOf({ '/x': { get }, '/y': { get: OK } });
    expect(target).toBe('https://api.example/v1');
    expect(scenario).toContain(call);
    expect(hosts).toEqual({});
  });

  test('another host is listed in the notes and in the file', () => {
    const { scenario, about } = draftOf({
      '/x': { servers: [{ url: 'https://files.example/v2' }], get: OK, put: OK },
      '/y': { get: OK },
    });
    expect(scenario).toContain("const FILES = 'https://files.example/v2';");
    expect(scenario).toContain('http.get(`${FILES}/x`)');
    const line = 'These requests go to their own hosts, not to the target: https://files.example (2).';
    expect(about).toContain(line);
    expect(scenario).toContain(`// ${line}`);
  });

  test('a given target replaces another host', () => {
    const paths = { '/x': { get: at('https://files.example/v2') }, '/y': { get: OK } };
    const { scenario, about } = draftOf(paths, { target: 'http://127.0.0.1:1' });
    expect(scenario).not.toContain('files.example/');
    expect(scenario).toContain("http.get('/../v2/x', { name: '/v2/x' })");
    expect(about).toContain(
      'These requests go to the target, not to their own hosts: https://files.example (1). To keep a host, use --keep-hosts NAME.',
    );
    const kept = draftOf(paths, { target: 'http://127.0.0.1:1', keepHosts: ['files.example'] });
    expect(kept.scenario).toContain('http.get(`${FILES}/x`)');
  });

  test('the target is the most frequent server if no operation uses that of the document', () => {
    const paths = {
      '/x': { get: at('https://a.example') },
      '/y': { get: at('https://b.example') },
      '/z': { get: at('https://b.example') },
    };
    expect(draftOf(paths).target).toBe('https://b.example');
  });

  test('other servers are listed', () => {
    const servers = [{ url: 'https://api.example' }, { url: 'https://staging.example/api' }];
    expect(draftOf({ '/x': { get: OK } }, {}, { servers }).hints).toEqual([
      'The document has other servers too. Choose one with --target: https://staging.example/api.',
    ]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { namesOf, renderManifests, renderYaml, toYaml } from './render.js';
import { parseValues } from './values/parse.js';

describe.each(['job', 'service'])('mode %s', (mode) => {
  test('is the same as objects, as YAML and as YAML with comments', () => {
    const values = parseValues({ mode, namespace: 'load', scenario: {} });
    const manifests = renderManifests(values);
    expect(read(toYaml(manifests))).toEqual(manifests);
    expect(read(renderYaml(values))).toEqual(manifests);
    expect(renderYaml(values)).toContain('# ');
  });

  test('labels everything with the run, in its namespace', () => {
    for (const { metadata } of renderManifests(parseValues({ mode, name: 'checkout', namespace: 'load' }))) {
      expect(metadata.labels).toMatchObject({
        'app.kubernetes.io/name': 'drumline',
        'app.kubernetes.io/instance': 'checkout',
      });
      expect(metadata.name).toMatch(/^drumline-checkout-/);
      expect(metadata.namespace).toBe('load');
    }
  });

  test('has names that leave room for what Kubernetes appends', () => {
    const longest = parseValues({ mode, name: 'a'.repeat(36), workers: { count: 10_000 } });
    for (const { kind, metadata } of renderManifests(longest)) {
      // The label of a StatefulSet's revision has 11 characters more, the host name of a worker 6.
      const appended = { StatefulSet: 11, Job: 6 }[kind] ?? 0;
      expect(metadata.name.length + appended).toBeLessThanOrEqual(63);
    }
  });
});

test('the prefix is not repeated', () => {
  expect(namesOf({ name: 'drumline' }).master).toBe('drumline-master');
  expect(namesOf({ name: 'drumline-nightly' }).worker).toBe('drumline-nightly-worker');
  expect(namesOf({ name: 'checkout' }).results).toBe('drumline-checkout-results');
});

function read(yaml: string): unknown[] {
  return parseAllDocuments(yaml).map((document) => document.toJS() as unknown);
}

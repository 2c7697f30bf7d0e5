// Validates the jobs of docs/ci.md against the schemas of GitHub Actions and GitLab CI, which the
// program check-jsonschema has.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { needing } from '../support/programs.js';
import { tempProjects } from '../support/temp-project.js';
import { yamlBlocks } from '../support/yaml-blocks.js';

const project = tempProjects();
const blocks = yamlBlocks<object>('ci.md').map(({ heading, content }, at) => ({ heading, content, at }));
/** GitLab's jobs have a script. GitHub's are a workflow, or steps of a job. */
const isGitlab = ({ content }: { content: object }): boolean => 'load-test' in content;

function validate(schema: string, content: object): string {
  const file = join(project({ 'file.yml': JSON.stringify(content) }), 'file.yml');
  const args = ['--builtin-schema', `vendor.${schema}`, file];
  return spawnSync('check-jsonschema', args, { encoding: 'utf8' }).stdout;
}

function asWorkflow(content: object): object {
  if (!Array.isArray(content)) return content;
  return { on: 'push', jobs: { load: { 'runs-on': 'ubuntu-latest', steps: content as unknown[] } } };
}

needing('check-jsonschema')('the jobs of docs/ci.md', () => {
  test.each(blocks.filter((block) => !isGitlab(block)))(
    'are valid for GitHub: $heading, $at',
    ({ content }) => {
      expect(validate('github-workflows', asWorkflow(content))).toContain('ok');
    },
  );

  test.each(blocks.filter(isGitlab))('are valid for GitLab: $heading, $at', ({ content }) => {
    expect(validate('gitlab-ci', content)).toContain('ok');
  });

  test.each([
    ['github-workflows', { on: 'push', jobs: { load: { steps: [] } } }],
    ['gitlab-ci', { 'load-test': { script: 3 } }],
  ])('%s refuses a mistake', (schema, content) => {
    expect(validate(schema, content)).toContain('Schema validation errors');
  });

  test('there are jobs for both', () => {
    expect(blocks.filter(isGitlab).length).toBeGreaterThan(2);
    expect(blocks.length - blocks.filter(isGitlab).length).toBeGreaterThan(2);
  });
});

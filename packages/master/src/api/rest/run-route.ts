import type { ControlPlane, RunPlane } from '../../service/control-plane.js';

/** Of each path below `/v1/runs/{id}`. */
export const runParams = {
  type: 'object',
  properties: {
    id: {
      type: 'string',
      maxLength: 64,
      examples: ['current'],
      description: 'the id of the run, a unique beginning of 4 or more characters, or `current`',
    },
  },
} as const;

/** The path of a run, or one below it. */
export function runPath(name: string): string {
  return `/v1/runs/:id${name === '' ? '' : `/${name}`}`;
}

/** The run that a request names. @throws RequestError `run-unknown`, `run-ambiguous` */
export function runOf(control: ControlPlane, { params }: { params: unknown }): RunPlane {
  return control.run((params as { id: string }).id);
}

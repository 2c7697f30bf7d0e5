import { compare, type Comparing } from '../../harness/compare.js';
import { profile } from '../../harness/profile.js';
import type { Group, HttpAim, HttpRow } from '../bench.js';
import type { Door } from '../nginx.js';

export interface CostRow extends Omit<Comparing<HttpAim>, 'aim'> {
  readonly group: Group;
  readonly door: Door;
  readonly aim: Omit<HttpAim, 'url'>;
}

/** A row that compares CPU for each request. */
export function costRow({ group, door, aim, ...rest }: CostRow): HttpRow {
  return {
    group,
    title: rest.title,
    run: (bench) => compare({ ...rest, aim: { ...aim, url: bench.target.urlOf(door) } }, bench),
    ...(aim.scenario !== undefined && {
      profile: (bench) => profile(bench, { ...aim, url: bench.target.urlOf(door) }),
    }),
  };
}

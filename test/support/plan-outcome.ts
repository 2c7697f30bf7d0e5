import { scenario, task, user, type ScenarioLoad, type UserSpec } from '@drumline/scenario';
import type { Plan, PlanOverrides, PlanProblem } from '@drumline/model';
import { planOf } from '../../packages/scenario/src/project/plan.js';

export const tasks = { t: task({ tags: ['all'] }, () => {}) };

/** Plans a scenario with the user types `shopper` and `admin`. */
export async function outcomeOf(
  load: unknown,
  overrides: PlanOverrides = {},
  {
    shopper = {},
    admin = {},
  }: { shopper?: Partial<UserSpec<undefined>>; admin?: Partial<UserSpec<undefined>> } = {},
): Promise<{ plan: Plan } | { problems: PlanProblem[] }> {
  const users = [user('shopper', { tasks, ...shopper }), user('admin', { tasks, ...admin })];
  return await planOf(
    scenario({ users, load: load as ScenarioLoad<'shopper' | 'admin'> }),
    'shop.ts',
    overrides,
  );
}

export async function partsOf(load: unknown, overrides: PlanOverrides = {}): Promise<Plan['load']['parts']> {
  const outcome = await outcomeOf(load, overrides);
  if ('problems' in outcome) throw new Error(JSON.stringify(outcome.problems));
  return outcome.plan.load.parts;
}

export async function problemsOf(...args: Parameters<typeof outcomeOf>): Promise<string[]> {
  const outcome = await outcomeOf(...args);
  if (!('problems' in outcome)) return [];
  return outcome.problems.map(({ where, message, hint = '' }) => `${where}: ${message} → ${hint}`);
}

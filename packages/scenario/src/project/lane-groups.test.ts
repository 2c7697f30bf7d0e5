import { describe, expect, test } from '@jest/globals';
import type { Plan, PlanProblem } from '@drumline/model';
import { startWith } from '../authoring/load/users.js';
import { scenario } from '../authoring/scenario.js';
import { task } from '../authoring/tasks.js';
import { user, type UserType } from '../authoring/user.js';
import { planOf } from './plan.js';

const tasks = { t: () => {} };

async function planWith(
  ...users: UserType<undefined>[]
): Promise<{ plan: Plan } | { problems: PlanProblem[] }> {
  const load = startWith(10).hold('2m');
  return await planOf(scenario({ users, load }), 'shop.ts', { excludeTags: ['no'] });
}

describe('the lane groups of a plan', () => {
  test('are those of its user types, with users at the peak and their number of lanes', async () => {
    const outcome = await planWith(
      user('visitor', { weight: 3, tasks }),
      user('teller', { lanes: 'grpc', tasks }),
      user('auditor', { fixedCount: 2, lanes: { group: 'grpc', count: 2 }, tasks }),
      user('absent', { lanes: 'none', tasks: { t: task({ tags: ['no'] }, () => {}) } }),
    );
    expect(outcome).toMatchObject({
      plan: {
        userTypes: [
          { name: 'visitor', laneGroup: 'default' },
          { name: 'teller', laneGroup: 'grpc' },
          { name: 'auditor', laneGroup: 'grpc' },
        ],
        laneGroups: [
          { name: 'default', users: 6 },
          { name: 'grpc', users: 4, lanes: 2 },
        ],
      },
    });
  });

  test('are a single one by default', async () => {
    expect(await planWith(user('visitor', { tasks }))).toMatchObject({
      plan: { laneGroups: [{ name: 'default', users: 10 }] },
    });
  });

  test.each<[unknown, string, string]>([
    [7, 'users[0].lanes', 'does not name a lane group'],
    ['', 'users[0].lanes', 'does not name a lane group'],
    [null, 'users[0].lanes', 'does not name a lane group'],
    [{ count: 2 }, 'users[0].lanes', 'does not name a lane group'],
    [{ group: 'grpc', count: 0 }, 'users[0].lanes.count', '0 is not a number of lanes'],
    [{ group: 'grpc', count: '2' }, 'users[0].lanes.count', '"2" is not a number of lanes'],
    [
      { group: 'grpc', count: 2 },
      'users[1].lanes.count',
      "the group 'grpc' has count 1 here, but 2 in an earlier user type",
    ],
  ])('are refused as %j', async (lanes, where, message) => {
    const outcome = await planWith(
      user('one', { lanes: lanes as string, tasks }),
      user('other', { lanes: { group: 'grpc', count: 1 }, tasks }),
    );
    expect(outcome).toMatchObject({ problems: [{ where, message }] });
  });
});

import { isOpen, type Plan, type PlanWarning } from '@drumline/model';
import type { ScenarioSpec } from '../../authoring/scenario.js';
import { selectTasks } from '../../runtime/task-tree.js';

/** Wait times that never pass, because the load has a rate. */
export function findWaitWarnings(
  { load, userTypes, tags }: Pick<Plan, 'load' | 'userTypes' | 'tags'>,
  { users }: Pick<ScenarioSpec, 'users'>,
): PlanWarning[] {
  return userTypes.flatMap(({ name }, type) => {
    const index = users.findIndex((user) => user.name === name);
    const { wait, tasks } = users[index]!.spec;
    const parts = load.parts.filter(({ types }) => types.includes(type));
    if (wait === undefined || parts.length === 0 || !parts.every(({ workload }) => isOpen(workload)))
      return [];
    // The wait time passes between the tasks of a group.
    const root = selectTasks(tasks, tags);
    const hasGroup = root.order === 'sequence' || root.children.some(({ kind }) => kind === 'branch');
    if (hasGroup && (typeof wait === 'function' || wait.periodMs === undefined)) return [];
    return [
      {
        code: 'wait-ignored',
        where: `users[${index}].wait`,
        message: `has no effect, because the load sets the rate at which '${name}' starts`,
        hint: 'remove it, or give the user type a number of users instead of a rate',
      },
    ];
  });
}

import type { TagFilter } from '@drumline/model';
import type { TaskEntry, TaskFunction, TaskGroup, Tasks } from '../authoring/tasks.js';

/** A task that is left after the tags have been applied. */
export interface Leaf<S> {
  readonly kind: 'leaf';
  /** With the groups it is in: `checkout/pay`. */
  readonly name: string;
  readonly weight: number;
  readonly run: TaskFunction<S>;
}

/** A group that is left, never empty but for the root. */
export interface Branch<S> {
  readonly kind: 'branch';
  readonly name: string;
  readonly weight: number;
  readonly order: 'sequence' | 'weighted';
  readonly picks: number;
  readonly children: readonly (Leaf<S> | Branch<S>)[];
  readonly totalWeight: number;
}

/** What a user type does, as a tree, without the tasks that the tags leave out and without groups made empty by that. */
export function selectTasks<S>(tasks: Tasks<S> | TaskGroup<S>, filter: TagFilter): Branch<S> {
  const root = isGroup(tasks) ? tasks : { order: 'weighted' as const, picks: 1, tasks };
  return branch('', 1, root, [], filter);
}

/** The names of all tasks of a tree, with their groups: `checkout/pay`. */
export function taskNames<S>({ children }: Branch<S>): string[] {
  return children.flatMap((child) => (child.kind === 'leaf' ? [child.name] : taskNames(child)));
}

/** Whether a task with these tags takes part. */
function selected(tags: readonly string[], { include, exclude }: TagFilter): boolean {
  if (tags.some((tag) => exclude.includes(tag))) return false;
  return include.length === 0 || tags.some((tag) => include.includes(tag));
}

function branch<S>(
  name: string,
  weight: number,
  { order, picks, tasks }: Pick<TaskGroup<S>, 'order' | 'picks' | 'tasks'>,
  tags: readonly string[],
  filter: TagFilter,
): Branch<S> {
  const children: (Leaf<S> | Branch<S>)[] = [];
  for (const [key, value] of Object.entries(tasks)) {
    const entry: TaskEntry<S> =
      typeof value === 'function' || value.kind === 'group'
        ? { kind: 'task', options: {}, body: value }
        : value;
    const path = name === '' ? key : `${name}/${key}`;
    const childTags = [...tags, ...(entry.options.tags ?? [])];
    const childWeight = entry.options.weight ?? 1;
    if (childWeight === 0) continue;
    if (typeof entry.body === 'function') {
      if (selected(childTags, filter)) {
        children.push({ kind: 'leaf', name: path, weight: childWeight, run: entry.body });
      }
    } else {
      const child = branch(path, childWeight, entry.body, childTags, filter);
      if (child.children.length > 0) children.push(child);
    }
  }
  const totalWeight = children.reduce((sum, child) => sum + child.weight, 0);
  return { kind: 'branch', name, weight, order, picks, children, totalWeight };
}

/** The tasks a user does, one after the other, for ever. */
export class TaskStream<S> {
  /** The rest of the group that was picked last. Not kept as nested generators: those cost each waiting user memory. */
  private ahead: Leaf<S>[] | undefined;

  constructor(
    private readonly root: Branch<S>,
    private readonly random: () => number,
  ) {}

  next(): Leaf<S> {
    const next = this.ahead?.shift();
    if (next !== undefined) return next;
    // What it finds first is the next one, without a list as long as it is the only one.
    this.ahead = undefined;
    return this.visit(this.root, undefined)!;
  }

  /** @returns the first leaf of the walk: the one found before, or else here; the others wait */
  private visit(node: Leaf<S> | Branch<S>, first: Leaf<S> | undefined): Leaf<S> | undefined {
    if (node.kind === 'leaf') {
      if (first === undefined) return node;
      (this.ahead ??= []).push(node);
      return first;
    }
    let found = first;
    if (node.order === 'sequence') for (const child of node.children) found = this.visit(child, found);
    else
      for (let pick = 0; pick < node.picks; pick += 1)
        found = this.visit(pickByWeight(node, this.random), found);
    return found;
  }
}

function pickByWeight<S>({ children, totalWeight }: Branch<S>, random: () => number): Leaf<S> | Branch<S> {
  if (children.length === 1) return children[0]!;
  let rest = random() * totalWeight;
  for (const child of children) {
    rest -= child.weight;
    if (rest < 0) return child;
  }
  return children[children.length - 1]!;
}

function isGroup<S>(tasks: Tasks<S> | TaskGroup<S>): tasks is TaskGroup<S> {
  return (tasks as { kind?: unknown }).kind === 'group' && typeof (tasks as TaskGroup<S>).tasks === 'object';
}

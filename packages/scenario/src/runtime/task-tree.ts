import type { TagFilter } from '@drumline/model';
import type { OnFailure } from '../authoring/on-failure.js';
import type { TaskEntry, TaskFunction, TaskGroup, Tasks } from '../authoring/tasks.js';

/** A task that is left after the tags have been applied. */
export interface Leaf<S> {
  readonly kind: 'leaf';
  /** With the groups it is in: `checkout/pay`. */
  readonly name: string;
  readonly weight: number;
  /** `end-pass`: the rest of the present pass of its sequence is left out. */
  readonly onFailure: OnFailure | 'end-pass';
  /** Where the pass of its sequence ends; undefined where that is the end of the iteration. */
  readonly passEnd: PassEnd | undefined;
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
  /**
   * Stands behind its tasks in the stream; only where something may follow them in the same
   * iteration.
   */
  readonly passEnd: PassEnd | undefined;
}

/** The end of a pass of one sequence, which may hold others. */
interface PassEnd {
  readonly kind: 'pass-end';
}

/** What the groups around a task mean for it. */
interface Surroundings {
  readonly tags: readonly string[];
  /** The nearest explicit one. */
  readonly onFailure: OnFailure | undefined;
  /** Of the outermost sequence that holds it, of those that hold each other directly. */
  readonly sequence: { readonly passEnd: PassEnd | undefined } | undefined;
  /** Whether something may follow in the same iteration. */
  readonly isFollowed: boolean;
}

/**
 * What a user type does, as a tree, without the tasks that the tags leave out and without groups
 * made empty by that.
 * @param onFailure of tasks and groups that have none of their own
 */
export function selectTasks<S>(
  tasks: Tasks<S> | TaskGroup<S>,
  filter: TagFilter,
  onFailure?: OnFailure,
): Branch<S> {
  const root = isGroup(tasks) ? tasks : { order: 'weighted' as const, picks: 1, tasks };
  return branch('', 1, root, { tags: [], onFailure, sequence: undefined, isFollowed: false }, filter);
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
  { order, picks, onFailure, tasks }: Pick<TaskGroup<S>, 'order' | 'picks' | 'onFailure' | 'tasks'>,
  around: Surroundings,
  filter: TagFilter,
): Branch<S> {
  const isSequence = order === 'sequence';
  const startsSequence = isSequence && around.sequence === undefined;
  const passEnd: PassEnd | undefined = startsSequence && around.isFollowed ? { kind: 'pass-end' } : undefined;
  const within = {
    sequence: isSequence ? (around.sequence ?? { passEnd }) : undefined,
    isFollowed: around.isFollowed || isSequence || picks > 1,
  };
  const children: (Leaf<S> | Branch<S>)[] = [];
  for (const [key, value] of Object.entries(tasks)) {
    const entry: TaskEntry<S> =
      typeof value === 'function' || value.kind === 'group'
        ? { kind: 'task', options: {}, body: value }
        : value;
    const path = name === '' ? key : `${name}/${key}`;
    const { weight: childWeight = 1, tags = [], onFailure: own } = entry.options;
    if (childWeight === 0) continue;
    const inner: Surroundings = {
      ...within,
      tags: [...around.tags, ...tags],
      onFailure: own ?? onFailure ?? around.onFailure,
    };
    if (typeof entry.body === 'function') {
      if (selected(inner.tags, filter)) children.push(leaf(path, childWeight, entry.body, inner));
    } else {
      const child = branch(path, childWeight, entry.body, inner, filter);
      if (child.children.length > 0) children.push(child);
    }
  }
  const totalWeight = children.reduce((sum, child) => sum + child.weight, 0);
  return { kind: 'branch', name, weight, order, picks, children, totalWeight, passEnd };
}

function leaf<S>(
  name: string,
  weight: number,
  run: TaskFunction<S>,
  { onFailure, sequence }: Surroundings,
): Leaf<S> {
  const policy = onFailure ?? (sequence ? 'end-pass' : 'continue');
  return { kind: 'leaf', name, weight, onFailure: policy, passEnd: sequence?.passEnd, run };
}

/** The tasks a user does, one after the other, for ever. */
export class TaskStream<S> {
  /** The rest of the group that was picked last. Not kept as nested generators: those cost each waiting user memory. */
  private ahead: (Leaf<S> | PassEnd)[] | undefined;

  constructor(
    private readonly root: Branch<S>,
    private readonly random: () => number,
  ) {}

  next(): Leaf<S> {
    for (let next = this.ahead?.shift(); next !== undefined; next = this.ahead?.shift())
      if (next.kind === 'leaf') return next;
    // What it finds first is the next one, without a list as long as it is the only one.
    this.ahead = undefined;
    return this.visit(this.root, undefined)!;
  }

  /**
   * Leaves out what must not follow, as the task that came last has failed.
   * @returns whether the user is to stop
   */
  failed({ onFailure, passEnd }: Leaf<S>): boolean {
    if (onFailure === 'end-iteration' || (onFailure === 'end-pass' && passEnd === undefined))
      this.endIteration();
    else if (onFailure === 'end-pass') this.ahead?.splice(0, this.ahead.indexOf(passEnd!) + 1);
    return onFailure === 'stop-user';
  }

  /** Leaves out all that is left of the present iteration. */
  endIteration(): void {
    this.ahead = undefined;
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
    if (node.passEnd !== undefined) (this.ahead ??= []).push(node.passEnd);
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

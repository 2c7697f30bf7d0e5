import type { TagFilter } from '@drumline/model';
import type { OnFailure } from '../authoring/on-failure.js';
import type { TaskEntry, TaskFunction, TaskGroup, Tasks } from '../authoring/tasks.js';

/** A task that remains after the tags have been applied. */
export interface Leaf<S> {
  readonly kind: 'leaf';
  /** Name with its groups, such as `checkout/pay`. */
  readonly name: string;
  readonly weight: number;
  /** `end-pass` skips the rest of the current pass of its sequence. */
  readonly onFailure: OnFailure | 'end-pass';
  /** End of the pass of its sequence; undefined if that is the end of the iteration. */
  readonly passEnd: PassEnd | undefined;
  readonly run: TaskFunction<S>;
}

/** A group that remains after the tags have been applied. Only the root can be empty. */
export interface Branch<S> {
  readonly kind: 'branch';
  readonly name: string;
  readonly weight: number;
  readonly order: 'sequence' | 'weighted';
  readonly picks: number;
  readonly children: readonly (Leaf<S> | Branch<S>)[];
  readonly totalWeight: number;
  /** Follows its tasks in the stream. Only set if other tasks may follow in the same iteration. */
  readonly passEnd: PassEnd | undefined;
}

/** The end of a pass of a sequence, including its nested sequences. */
interface PassEnd {
  readonly kind: 'pass-end';
}

/** The properties that a task inherits from its groups. */
interface Surroundings {
  readonly tags: readonly string[];
  /** The nearest explicit policy. */
  readonly onFailure: OnFailure | undefined;
  /** The outermost of the sequences that are nested directly in each other around the task. */
  readonly sequence: { readonly passEnd: PassEnd | undefined } | undefined;
  /** Whether other tasks may follow in the same iteration. */
  readonly isFollowed: boolean;
}

/**
 * The tasks of a user type as a tree, without tasks that the tags exclude and without groups that
 * become empty.
 * @param onFailure policy of tasks and groups without their own
 */
export function selectTasks<S>(
  tasks: Tasks<S> | TaskGroup<S>,
  filter: TagFilter,
  onFailure?: OnFailure,
): Branch<S> {
  const root = isGroup(tasks) ? tasks : { order: 'weighted' as const, picks: 1, tasks };
  return branch('', 1, root, { tags: [], onFailure, sequence: undefined, isFollowed: false }, filter);
}

/** The names of all tasks of a tree with their groups, such as `checkout/pay`. */
export function taskNames<S>({ children }: Branch<S>): string[] {
  return children.flatMap((child) => (child.kind === 'leaf' ? [child.name] : taskNames(child)));
}

/** Whether the filter selects a task with these tags. */
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

/** The endless sequence of tasks of a user. */
export class TaskStream<S> {
  /** The remaining tasks of the current group. A list, as nested generators take more memory. */
  private ahead: (Leaf<S> | PassEnd)[] | undefined;

  constructor(
    private readonly root: Branch<S>,
    private readonly random: () => number,
  ) {}

  next(): Leaf<S> {
    for (let next = this.ahead?.shift(); next !== undefined; next = this.ahead?.shift())
      if (next.kind === 'leaf') return next;
    // The first leaf found is returned directly; a list is made only if there are more.
    this.ahead = undefined;
    return this.visit(this.root, undefined)!;
  }

  /**
   * Skips the tasks that must not follow a failed task.
   * @returns whether the user must stop
   */
  failed({ onFailure, passEnd }: Leaf<S>): boolean {
    if (onFailure === 'end-iteration' || (onFailure === 'end-pass' && passEnd === undefined))
      this.endIteration();
    else if (onFailure === 'end-pass') this.ahead?.splice(0, this.ahead.indexOf(passEnd!) + 1);
    return onFailure === 'stop-user';
  }

  /** Whether the next task begins an iteration. */
  get isBetweenIterations(): boolean {
    return this.ahead === undefined || this.ahead.every(({ kind }) => kind === 'pass-end');
  }

  /** Skips the rest of the current iteration. */
  endIteration(): void {
    this.ahead = undefined;
  }

  /** @returns the first leaf of the walk. Further leaves are queued in `ahead`. */
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

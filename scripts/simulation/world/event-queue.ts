import type { SimulatedProcess } from './process.js';

/** An event at a world time, in a process or in the world itself. */
export interface WorldEvent {
  atMs: number;
  /** Orders events of equal time. The smallest is first. */
  order: number;
  readonly process: SimulatedProcess | undefined;
  readonly kind: 'timer' | 'message';
  action: () => void;
  cancelled: boolean;
}

/** Events ordered by time: a binary heap. */
export class EventQueue {
  private readonly heap: WorldEvent[] = [];

  push(event: WorldEvent): void {
    const { heap } = this;
    let hole = heap.push(event) - 1;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[hole] = heap[parent]!;
      hole = parent;
    }
    heap[hole] = event;
  }

  pop(): WorldEvent | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    let hole = 0;
    for (let child = 1; child < heap.length; child = 2 * hole + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = last;
    return first;
  }
}

function isBefore(a: WorldEvent, b: WorldEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

import type { LaneNews } from '../lane-protocol.js';
import type { LaneProcess } from './lane-process.js';

/** Waits for answers of lanes. */
export class LaneAnswers {
  private readonly waiting = new Map<string, (news: LaneNews) => void>();

  /** The next message of this type from the lane, or `dying` if it ends before. */
  of(lane: LaneProcess, type: LaneNews['type']): Promise<LaneNews> {
    return new Promise((resolve) => {
      this.waiting.set(`${lane.number} ${type}`, resolve);
      void lane.exited.then(() => resolve({ type: 'dying', reason: 'it ended' }));
    });
  }

  take(lane: LaneProcess, news: LaneNews): void {
    const key = `${lane.number} ${news.type}`;
    this.waiting.get(key)?.(news);
    this.waiting.delete(key);
  }

  isExpected(lane: LaneProcess, type: LaneNews['type']): boolean {
    return this.waiting.has(`${lane.number} ${type}`);
  }
}

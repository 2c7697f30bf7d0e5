import { knownPeakUsers, userTypeSequence, timesParts, type Plan } from '@drumline/model';
import type { TotalsSnapshot } from '@drumline/stats';
import type { Uncounted } from '../allocation/loss.js';
import type { Rate } from '../allocation/pace.js';
import type { Aggregate } from '../intervals/aggregate.js';

/** How many seconds before and after an instant are considered. */
const AROUND_SECONDS = 10;
/** How many users are sampled to count their types: enough for any weights. */
const USERS_LOOKED_AT = 10_000;

/** A loss, during which the requests of its users may be missing. */
type LostTime = Pick<Uncounted, 'fromMs' | 'untilMs' | 'inFlight'>;

/**
 * The request rate of one user over all workers: around the beginning of a loss, or in the whole
 * run if nothing was counted around it. Users of the loss are taken as users without requests.
 * @param factor how much busier than average the users may be
 */
export function rateAround(
  { timeline, users, fromSecond }: Pick<Aggregate, 'timeline' | 'users' | 'fromSecond'>,
  { fromMs, untilMs, inFlight }: LostTime,
  factor: number,
): Rate | undefined {
  const usersIn = (second: number): number => {
    const isLossy = second >= Math.floor(fromMs / 1_000) && second * 1_000 < untilMs;
    // A ramp has half of its users in the middle.
    const mean = ((users[second - 1] ?? 0) + (users[second] ?? 0)) / 2;
    return isLossy ? mean - inFlight : mean;
  };
  const rates = (from: number, to: number): Rate | undefined => {
    const points = to < from ? [] : timeline.points(from, to);
    const known = points.flatMap(({ second, requests }) =>
      usersIn(second) > 0 && requests > 0 ? [{ requests, rate: requests / usersIn(second) }] : [],
    );
    if (known.length === 0) return undefined;
    const sum = known.reduce((total, { rate }) => total + rate, 0);
    const most = known.reduce((highest, { rate }) => Math.max(highest, rate), 0);
    const sample = known.reduce((total, { requests }) => total + requests, 0);
    return { most: most * factor, mean: (sum / known.length) * factor, sample };
  };
  const second = Math.floor(fromMs / 1_000);
  return (
    rates(
      Math.max(fromSecond, second - AROUND_SECONDS),
      Math.min(timeline.newestSecond, second + AROUND_SECONDS),
    ) ?? rates(fromSecond, timeline.newestSecond)
  );
}

/** How much busier a user of the busiest type is than the average user. */
export function busiestTypeFactor({ series }: TotalsSnapshot, { userTypes, load }: Plan): number {
  const requests = new Map<string, number>();
  let all = 0;
  for (const { key, requests: more } of series) {
    if (timesParts(key)) continue;
    requests.set(key.user, (requests.get(key.user) ?? 0) + more);
    all += more;
  }
  if (userTypes.length < 2 || all === 0) return 1;
  const sequence = userTypeSequence(userTypes, Math.min(USERS_LOOKED_AT, knownPeakUsers(load)));
  const counts = userTypes.map((_, index) => sequence.reduce((sum, type) => sum + Number(type === index), 0));
  const factors = userTypes.map(({ name }, index) => {
    const share = counts[index]! / Math.max(1, sequence.length);
    return share === 0 ? 0 : (requests.get(name) ?? 0) / all / share;
  });
  return Math.max(1, ...factors);
}

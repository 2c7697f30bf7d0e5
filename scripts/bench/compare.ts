// How often `drumline compare` is wrong, and how often it finds a change, on simulated runs whose
// seconds depend on each other. `npm run bench:compare`, or with the number of pairs of runs.
import {
  encodeHistogram,
  estimate,
  Histogram,
  judgeChange,
  Sample,
  seededRandom,
  type ChangeVerdict,
  type Statistic,
  type UnitCounts,
} from '@drumline/stats';

const PAIRS = Number(process.argv[2] ?? 200);
const RESAMPLES = 200;
const REQUESTS_PER_SECOND = 50;
/** Standard deviation of the level of a second, as a share. */
const LEVEL = 0.1;
const STATISTICS: Statistic[] = [
  { kind: 'quantile', q: 0.5 },
  { kind: 'quantile', q: 0.95 },
  { kind: 'quantile', q: 0.99 },
  { kind: 'error-rate' },
];
/** Shares of the error probability: half is for the series. */
const WRONG = 0.05 / 2 / STATISTICS.length;
const MARGINS = { ratio: 0.05, errorRate: 0.001 };

type Random = () => number;

function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A run of 20 ms whose level is autoregressive, and whose errors come in bursts. */
function simulate(random: Random, seconds: number, onBefore: number, slower: number): Sample {
  const step = Math.sqrt(1 - onBefore ** 2);
  let [level, errors] = [gauss(random), gauss(random)];
  const units = Array.from({ length: seconds }, (): UnitCounts => {
    level = onBefore * level + step * gauss(random);
    errors = onBefore * errors + step * gauss(random);
    const latency = new Histogram();
    let failures = 0;
    for (let i = 0; i < REQUESTS_PER_SECOND; i += 1) {
      latency.record(20_000 * slower * Math.exp(LEVEL * level + 0.5 * gauss(random)));
      if (random() < 0.01 * Math.exp(errors - 0.5)) failures += 1;
    }
    return { seconds: 1, requests: REQUESTS_PER_SECOND, failures, latency: encodeHistogram(latency) };
  });
  return new Sample(units);
}

/** The verdicts of the judged statistics on a pair of runs. */
function compare(random: Random, before: Sample, after: Sample): ChangeVerdict[] {
  const [one, other] = [before, after].map((sample) => estimate(sample, STATISTICS, random, RESAMPLES));
  return STATISTICS.map(
    (statistic, i) => judgeChange(statistic, one![i]!, other![i]!, MARGINS, WRONG).verdict,
  );
}

function share(
  pairs: readonly ChangeVerdict[][],
  is: (verdicts: readonly ChangeVerdict[]) => boolean,
): string {
  return `${((100 * pairs.filter(is).length) / pairs.length).toFixed(1)} %`;
}

console.log(`${PAIRS} pairs of runs each, ${REQUESTS_PER_SECOND} requests a second\n`);
console.log('| length | dependence | false alarm | same | +10 % found | +20 % found |');
console.log('| -----: | ---------: | ----------: | ---: | ----------: | ----------: |');
for (const seconds of [60, 120, 300]) {
  for (const onBefore of [0, 0.5, 0.8]) {
    const random = seededRandom(1);
    const pairs = (slower: number): ChangeVerdict[][] =>
      Array.from({ length: PAIRS }, () => {
        const before = simulate(random, seconds, onBefore, 1);
        return compare(random, before, simulate(random, seconds, onBefore, slower));
      });
    const equal = pairs(1);
    const isAlarm = (verdicts: readonly ChangeVerdict[]): boolean =>
      verdicts.includes('worse') || verdicts.includes('better');
    const isFound = (verdicts: readonly ChangeVerdict[]): boolean => verdicts[1] === 'worse';
    const cells = [
      `${seconds} s`,
      String(onBefore),
      share(equal, isAlarm),
      share(equal, (verdicts) => verdicts[0] === 'same'),
      share(pairs(1.1), isFound),
      share(pairs(1.2), isFound),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

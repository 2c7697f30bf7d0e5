// Property tests use the same examples each time, so results are reproducible, and not very many.
// `DRUMLINE_SEED=random npm test` uses new ones.
import fc from 'fast-check';

const seed = process.env.DRUMLINE_SEED ?? '1';
fc.configureGlobal(seed === 'random' ? {} : { seed: Number(seed), numRuns: 40 });

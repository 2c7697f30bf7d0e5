// Property tests use the same examples each time, so that a commit that passed passes again.
// `DRUMLINE_SEED=random npm test` draws new ones.
import fc from 'fast-check';

const seed = process.env.DRUMLINE_SEED ?? '1';
fc.configureGlobal(seed === 'random' ? {} : { seed: Number(seed) });

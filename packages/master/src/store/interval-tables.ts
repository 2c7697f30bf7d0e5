import { LOAD_SCHEMA, LOAD_UPGRADE } from './load-rows.js';

/**
 * `intervals` has the counts of each second: by series since the checkpoint, before it only their
 * sum. `keys` has the names of series and checks. `checkpoint` has the sum of all seconds before
 * `until`. Counts that arrived for those seconds later are also in `late`. `pages` has the timeline
 * points of those seconds, `tiers` their counts by series in intervals of ten seconds.
 */
export const INTERVALS_SCHEMA = `
  CREATE TABLE intervals(second INTEGER PRIMARY KEY, requests INTEGER NOT NULL, failures INTEGER NOT NULL, delta BLOB NOT NULL);
  ${LOAD_SCHEMA}
`;

/** Adds what the file of an older version lacks. Rows of such a version have encoding 0. */
export const INTERVALS_UPGRADE = `
  CREATE TABLE IF NOT EXISTS checkpoint(id INTEGER PRIMARY KEY, until INTEGER NOT NULL, requests INTEGER NOT NULL, failures INTEGER NOT NULL, totals BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS late(id INTEGER PRIMARY KEY, requests INTEGER NOT NULL, failures INTEGER NOT NULL, delta BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS pages(page INTEGER PRIMARY KEY, points BLOB NOT NULL);
  CREATE TABLE keys(dictionary INTEGER, number INTEGER, key BLOB NOT NULL, PRIMARY KEY(dictionary, number));
  CREATE TABLE tiers(start INTEGER PRIMARY KEY, delta BLOB NOT NULL, dictionary INTEGER NOT NULL);
  ALTER TABLE intervals ADD COLUMN encoding INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE intervals ADD COLUMN dictionary INTEGER NOT NULL DEFAULT 0;
  ${LOAD_UPGRADE}
`;

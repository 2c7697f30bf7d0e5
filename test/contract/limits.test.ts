import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { MAX_HEADER_LIST_BYTES } from '../../packages/drivers/dist/h2/settings.js';
import { DEFAULT_MAX_BODY_BYTES } from '../../packages/drivers/dist/settings/body-limit.js';
import * as load from '../../packages/model/dist/limits.js';
import * as values from '../../packages/model/dist/shared/values/value-ops.js';
import { MAX_SECONDS } from '../../packages/stats/dist/delta.js';
import * as results from '../../packages/stats/dist/limits.js';
import { MAX_WORKER_FRAME_BYTES } from '../../packages/wire/dist/link/limits.js';
import { MAX_STRANGER_FRAME_BYTES } from '../../packages/wire/dist/link/link.js';
import { MAX_LANES } from '../../packages/wire/dist/messages/worker.js';

const page = readFileSync(new URL('../../docs/reference/limits.md', import.meta.url), 'utf8');

test.each(
  Object.entries({
    'users of a run': load.MAX_USERS,
    'users of a lane': load.MAX_USERS_PER_LANE,
    'stages of a load': load.MAX_STAGES,
    'lines of a replay': load.MAX_REPLAYED,
    'length of a run': MAX_SECONDS,
    workers: load.MAX_WORKERS,
    'lanes of a worker': MAX_LANES,
    'counters, queues and maps': values.MAX_SHARED_NAMES,
    'values in a queue or map': values.MAX_SHARED_ENTRIES,
    'bytes of a value as JSON': values.MAX_SHARED_VALUE_BYTES,
    'characters of all values of a run': values.MAX_SHARED_CHARACTERS,
    'characters of a name or of a map key': values.MAX_SHARED_NAME_LENGTH,
    series: load.MAX_SERIES_LIMIT,
    checks: results.MAX_CHECKS,
    metrics: results.MAX_METRICS,
    exceptions: results.MAX_EXCEPTIONS,
    'errors of one series': results.MAX_ERRORS,
    'statuses of one series': results.MAX_STATUSES,
    'body, event or WebSocket message in memory': DEFAULT_MAX_BODY_BYTES,
    'headers of a response, and its trailers': MAX_HEADER_LIST_BYTES,
    'message from a worker': MAX_WORKER_FRAME_BYTES,
    'first message from an unknown peer': MAX_STRANGER_FRAME_BYTES,
  }),
)('docs/reference/limits.md has the limit of the code: %s', (name, limit) => {
  const row = page.split('\n').find((line) => line.startsWith(`| ${name} `));
  expect(row).toContain(limit.toLocaleString('en'));
});

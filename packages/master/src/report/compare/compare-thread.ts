/** The thread that compares two stored runs. */
import { parentPort, workerData } from 'node:worker_threads';
import { pastResult } from '../past-result.js';
import { compareRuns } from './compare.js';
import type { StoredPair } from './compare-stored.js';
import { comparisonView } from './comparison-view.js';

const { paths, margin, skipMs } = workerData as StoredPair;
const [before, after] = paths.map((path) => ({ result: pastResult(path), path }));
parentPort!.postMessage(comparisonView(compareRuns(before!, after!, { conditions: [], margin, skipMs })));

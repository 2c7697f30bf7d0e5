// The master of `bench:dashboard`, which resumes a stored run.
import { resumeStoredRun } from './long-stored-run.js';

const [directory = '', dashboard = ''] = process.argv.slice(2);
const master = await resumeStoredRun(directory, dashboard);
process.send!({ url: master.apiUrl });

// The master of `bench:dashboard`: it resumes a stored run, and tells what CPU it has used.
import { resumeStoredRun } from './long-stored-run.js';

const [directory = '', dashboard = ''] = process.argv.slice(2);
const master = await resumeStoredRun(directory, dashboard);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send!({ cpu: (user + system) / 1_000 });
});
process.send!({ url: master.apiUrl });

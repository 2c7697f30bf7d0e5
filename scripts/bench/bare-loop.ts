// Measures 50 bare loops over undici's `request`. The other benchmarks start it.
import { request } from 'undici';

const [url, seconds] = [process.argv[2]!, Number(process.argv[3])];
let requests = 0;
let until = Infinity;

async function loop(): Promise<void> {
  while (performance.now() < until) {
    const { body, statusCode } = await request(url);
    await body.text();
    if (statusCode === 200) requests += 1;
  }
}

const loops = Array.from({ length: 50 }, () => loop());
await new Promise((resolve) => setTimeout(resolve, 1_000));
requests = 0;
const before = process.cpuUsage();
await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
const { user, system } = process.cpuUsage(before);
process.send!((user + system) / requests);
until = 0;
await Promise.all(loops);
process.disconnect();

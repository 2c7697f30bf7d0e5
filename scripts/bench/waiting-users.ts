// Memory of a lane with 10,000 waiting users, compared with one user. Goal: well under 100 MB more.
// npm run bench:waiting
import { pause, startCluster } from './cluster.js';
import { describeMachine } from './support.js';

const USERS = Number(process.argv[2] ?? 10_000);

const { master, end } = await startCluster('waiting');
const before = await settled(1);
master.control.setUsers({ users: USERS });
const after = await settled(USERS);
await end();
console.log(describeMachine());
console.log(
  `Lane with 1 user: ${mb(before)} MB; with ${USERS} waiting users: ${mb(after)} MB; ${Math.round((after - before) / USERS)} bytes a user.`,
);

/** The lane's memory when it has had this many users for five seconds. */
async function settled(users: number): Promise<number> {
  for (let held = 0; ;) {
    const lane = master.control.workers()[0]?.lanes[0];
    held = lane?.users === users ? held + 1 : 0;
    if (lane && held === 50) return lane.memoryBytes;
    await pause(100);
  }
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

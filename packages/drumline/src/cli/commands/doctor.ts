import { EXIT_CODES, Redactor, type MachineRole } from '@drumline/model';
import { defineCommand } from '../command.js';
import { examine } from '../doctor/examine.js';
import { readDoctorLoad } from '../doctor/load.js';
import { apiUrl, tcpAddress } from '../options/address.js';
import { planOptions } from '../options/plan.js';
import { scenarioPositional } from '../options/scenario.js';
import { secretOptions } from '../options/secrets.js';
import { optionError, wholeNumber } from '../options/values.js';
import { viewOptions } from '../run/screen.js';
import { renderExamination } from '../../view/doctor.js';

const { target, users, rate, arrivals, env, external, param, params } = planOptions;
const { 'spawn-rate': spawnRate, 'max-users': maxUsers, stage } = planOptions;

const ROLES: readonly MachineRole[] = ['master', 'worker', 'both'];

function readMaster(value: unknown): string {
  const text = String(value);
  return (/^https?:/.test(text) ? apiUrl('master', {}) : tcpAddress('master', {})).read(text);
}

export const doctor = defineCommand({
  usage: 'doctor [scenario]',
  about: 'Check whether this machine allows a load, and how to fix what does not',
  positionals: scenarioPositional,
  options: {
    role: {
      type: 'string',
      requiresArg: true,
      default: 'both',
      describe: 'What shall run here: master, worker, or both as with `drumline run`',
      read: (value: unknown): MachineRole => {
        const role = ROLES.find((one) => one === value);
        if (role !== undefined) return role;
        throw optionError('role', `'${String(value)}' is not a role`, `Write ${ROLES.join(', ')}.`);
      },
    },
    master: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe:
        'The master: tcp://HOST:PORT is its port for workers, http://HOST:PORT its control API, whose clock is compared; may be repeated',
      read: (value: unknown): string[] => [value].flat().map(readMaster),
    },
    workers: wholeNumber('workers', 1, {
      default: 1,
      describe: 'Number of workers that share the load; one of them runs here',
    }),
    lanes: wholeNumber('lanes', 1, {
      describe: 'Number of lanes of the worker',
      defaultDescription: 'as `drumline worker` or `drumline run` has them here',
    }),
    json: { type: 'boolean', default: false, describe: 'Print the result as JSON' },
    target,
    users,
    'spawn-rate': spawnRate,
    rate,
    arrivals,
    'max-users': maxUsers,
    stage,
    env,
    external,
    param,
    params,
    ...secretOptions,
  },
  examples: [
    ['', 'Check this machine, whatever the load'],
    ['shop.ts', 'Check it for the load of a scenario'],
    ['--users 50000 --workers 4 --role worker', 'Check one of four workers for 50,000 users'],
    ['--arrivals 2000/s -H https://shop.example', 'Check it and the target for users that come and go'],
    ['--role worker --master tcp://10.0.0.5:5557', 'Check whether a worker here reaches its master'],
    ['shop.ts --json', 'Print the result as JSON, for scripts'],
  ],
  run: async (args) => {
    const { load, secrets } = await readDoctorLoad(args);
    const found = await examine(args.role, load, args.master ?? []);
    const examination = Redactor.of(secrets)?.data(found) ?? found;
    const { exitCode } = EXIT_CODES[examination.exit];
    if (args.json) console.log(JSON.stringify({ ...examination, exitCode }, null, 2));
    else console.log(renderExamination(examination, viewOptions(process.stdout)));
    return exitCode;
  },
});

import { join } from 'node:path';
import { credentialFile, MasterKey, type CredentialKind } from '@drumline/wire/security';
import { columns } from '../columns.js';
import { defineCommand } from '../command.js';
import { CREDENTIAL_VARIABLES } from '../credentials/given.js';
import { writePrivateFiles } from '../credentials/private-files.js';

export const token = defineCommand({
  usage: 'token',
  about: 'Make the key of a master, and the tokens that let workers join and people control the run',
  options: {
    'out-dir': {
      type: 'string',
      requiresArg: true,
      default: '.',
      describe: 'Folder for the three files; made if it is not there',
    },
    force: { type: 'boolean', default: false, describe: 'Put them in the place of those that are there' },
    env: {
      type: 'boolean',
      default: false,
      describe: 'Print them as environment variables instead of writing files',
    },
  },
  examples: [
    ['', 'Into this folder'],
    ['--out-dir ~/.drumline', 'Into another one'],
    ['--env | kubectl create secret generic drumline --from-env-file=/dev/stdin', 'For Kubernetes'],
  ],
  run: async ({ outDir, force, env }) => {
    const key = MasterKey.generate();
    const credentials: Readonly<Record<CredentialKind, string>> = {
      key: key.text,
      token: key.workerToken.text,
      api: key.apiToken.text,
    };
    const kinds = Object.keys(credentials) as CredentialKind[];
    if (env) {
      for (const kind of kinds) console.log(`${CREDENTIAL_VARIABLES[kind]}=${credentials[kind]}`);
      return;
    }
    const files = Object.fromEntries(kinds.map((kind) => [credentialFile(kind), `${credentials[kind]}\n`]));
    writePrivateFiles(outDir, files, { force });
    console.log(explain((kind) => join(outDir, credentialFile(kind))));
  },
});

function explain(path: (kind: CredentialKind) => string): string {
  const files = columns([
    [path('key'), 'stays with the master: it is all three in one'],
    [path('token'), 'goes to every worker'],
    [path('api'), 'goes to whoever may watch and control the run'],
  ]);
  return `Wrote three secrets, readable by you alone:

${files}

  drumline master scenario.ts --bind tcp://0.0.0.0:5557 --key-file ${path('key')}
  drumline worker --master tcp://MASTER:5557 --token-file ${path('token')}
  drumline status --api-token-file ${path('api')}

The control API listens on the master's machine only. To reach it from others, start the master with
--api 0.0.0.0:8089, and add --api http://MASTER:8089 to commands such as \`drumline status\`.

A token that got into the wrong hands is worth nothing once the master is started again with a new key.`;
}

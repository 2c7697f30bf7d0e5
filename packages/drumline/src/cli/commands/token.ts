import { join } from 'node:path';
import { credentialFile, MasterKey, type CredentialKind } from '@drumline/wire/security';
import { columns } from '../columns.js';
import { defineCommand } from '../command.js';
import { CREDENTIAL_VARIABLES } from '../credentials/read.js';
import { writePrivateFiles } from '../credentials/private-files.js';

export const token = defineCommand({
  usage: 'token',
  about: 'Create the key of a master, the token for workers and the tokens for the control API',
  options: {
    'out-dir': {
      type: 'string',
      requiresArg: true,
      default: '.',
      describe: 'Directory for the files; created if it does not exist',
    },
    force: { type: 'boolean', default: false, flagOnly: true, describe: 'Replace existing files' },
    env: {
      type: 'boolean',
      default: false,
      describe: 'Print environment variables instead of writing files',
    },
  },
  examples: [
    ['', 'Write the files to this directory'],
    ['--out-dir ~/.drumline', 'Write them to another directory'],
    [
      '--env | kubectl create secret generic drumline --from-env-file=/dev/stdin',
      'Create a Kubernetes Secret',
    ],
  ],
  run: async ({ outDir, force, env }) => {
    const key = MasterKey.generate();
    const credentials: Readonly<Record<CredentialKind, string>> = {
      key: key.text,
      token: key.workerToken.text,
      api: key.apiTokens.admin.text,
      'api-run': key.apiTokens.run.text,
      'api-view': key.apiTokens.view.text,
    };
    const kinds = Object.keys(credentials) as CredentialKind[];
    if (env) {
      for (const kind of ['key', 'token', 'api'] as const)
        console.log(`${CREDENTIAL_VARIABLES[kind]}=${credentials[kind]}`);
      return;
    }
    const files = Object.fromEntries(kinds.map((kind) => [credentialFile(kind), `${credentials[kind]}\n`]));
    writePrivateFiles(outDir, files, { force });
    console.log(explain((kind) => join(outDir, credentialFile(kind))));
  },
});

function explain(path: (kind: CredentialKind) => string): string {
  const files = columns([
    [path('key'), 'for the master only; the others are derived from it'],
    [path('token'), 'for every worker'],
    [path('api'), 'for administration of the master, and everything below'],
    [path('api-run'), 'for everyone who may submit and control runs, and watch them'],
    [path('api-view'), 'for everyone who may only watch runs'],
  ]);
  return `Wrote five secrets, which only you can read:

${files}

  drumline master scenario.ts --bind tcp://0.0.0.0:5557 --key-file ${path('key')}
  drumline worker --master tcp://MASTER:5557 --token-file ${path('token')}
  drumline status --api-token-file ${path('api')}

The control API listens only on the master's machine. To reach it from other machines, start the
master with --api 0.0.0.0:8089, and add --api http://MASTER:8089 to commands such as \`drumline status\`.

If a token has leaked, restart the master with a new key: the old tokens are then rejected.`;
}

/** Writes packages/drumline/control.proto. Run it after the schemas of the control API change. */
import { readFile, writeFile } from 'node:fs/promises';
import { CONTROL_PROTO, controlProto } from './control-proto-text.js';

await writeFile(CONTROL_PROTO, controlProto(await readFile(CONTROL_PROTO, 'utf8').catch(() => '')));
console.log('wrote packages/drumline/control.proto');

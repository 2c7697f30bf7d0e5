import { arch, cpus, release, totalmem, type } from 'node:os';
import type { Hello } from '@drumline/wire';

let known: NonNullable<Hello['machine']> | undefined;

/** Facts about this machine for the report. Reads them once. */
export function describeMachine(): NonNullable<Hello['machine']> {
  return (known ??= read());
}

function read(): NonNullable<Hello['machine']> {
  const all = cpus();
  const model = printableOf(all[0]?.model ?? '');
  return {
    cpu: model === '' ? arch() : model,
    cores: all.length,
    memoryBytes: totalmem(),
    os: printableOf(`${type()} ${release()} ${arch()}`),
  };
}

function printableOf(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}

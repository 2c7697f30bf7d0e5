import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a directory and its missing parents, one by one. With `recursive`, Node's `mkdir` never
 * ends below a directory in which nothing can be made, such as /proc.
 * @throws the error of the system
 */
export function makeDirectory(path: string): void {
  const whole = resolve(path);
  const parent = dirname(whole);
  if (existsSync(whole) && statSync(whole).isDirectory()) return;
  if (!existsSync(parent)) makeDirectory(parent);
  try {
    mkdirSync(whole);
  } catch (error) {
    // Another process made it.
    if (!existsSync(whole) || !statSync(whole).isDirectory()) throw error;
  }
}

import { sortTags } from '@drumline/model';
import { clipName } from './limits.js';

/** Ends the name and each tag. Names do not contain it. */
const END = '\0';

/**
 * What is appended to the name of a check or metric, so that equal tags are counted together. Empty
 * without tags.
 */
export function tagSuffix(tags: Readonly<Record<string, string>>): string {
  return sortTags(tags)
    .flat()
    .map((text) => END + clipName(text).replaceAll(END, ' '))
    .join('');
}

/** A name with its tags, sorted by name. */
export interface TaggedName {
  readonly name: string;
  /** Absent without tags. */
  readonly tags?: readonly (readonly [string, string])[];
}

/** Splits a name from the tags that were appended to it. */
export function readTaggedName(text: string): TaggedName {
  if (!text.includes(END)) return { name: text };
  const [name = '', ...parts] = text.split(END);
  const tags: [string, string][] = [];
  for (let i = 0; i < parts.length; i += 2) tags.push([parts[i]!, parts[i + 1] ?? '']);
  return { name, tags };
}

import type { SeriesKey } from '@drumline/model';

/** Without empty values, which mean the same as an absent label. */
export type Labels = readonly (readonly [name: string, value: string])[];

/** The most names of tags and labels. Further ones are left out. */
const MAX_NAMES = 1_000;
/** Tags with a label of this name. */
const PHASE = 'phase';

/** Turns names of a scenario into labels. Different names give different labels. */
export class LabelNames {
  readonly #labels = new Map<string, string>();
  readonly #taken = new Set<string>([PHASE]);
  readonly #ofSeries = new WeakMap<SeriesKey, Labels>();

  #prefixed(prefix: 'tag_' | 'label_', named: Labels): Labels {
    return withoutEmpty(
      named.flatMap(([name, value]) => {
        const label = prefix === 'tag_' && name === PHASE ? PHASE : this.#label(prefix, name);
        return label === undefined ? [] : [[label, value] as const];
      }),
    );
  }

  /** @returns undefined if there are too many names */
  #label(prefix: string, name: string): string | undefined {
    const id = prefix + name;
    const known = this.#labels.get(id);
    if (known !== undefined) return known;
    if (this.#labels.size >= MAX_NAMES) return undefined;
    const plain = prefix + name.replaceAll(/[^A-Za-z0-9_]/g, '_');
    let label = plain;
    for (let number = 2; this.#taken.has(label); number++) label = `${plain}_${number}`;
    this.#taken.add(label);
    this.#labels.set(id, label);
    return label;
  }

  /** Labels of tags: `tag_NAME`, and `phase` for the phase of the load. */
  ofTags(tags: Labels = []): Labels {
    return this.#prefixed('tag_', tags);
  }

  /** Labels of a run's labels: `label_NAME`. */
  ofRunLabels(labels: Readonly<Record<string, string>>): Labels {
    return this.#prefixed('label_', Object.entries(labels));
  }

  /** Labels of a series. The same object for the same key. */
  ofSeries(key: SeriesKey): Labels {
    const known = this.#ofSeries.get(key);
    if (known !== undefined) return known;
    const { protocol, method, name, user, tags } = key;
    const labels = [...labelsOf({ protocol, method, name, user }), ...this.ofTags(tags)];
    this.#ofSeries.set(key, labels);
    return labels;
  }
}

/** Labels from an object. */
export function labelsOf(labels: Readonly<Record<string, string>>): Labels {
  return withoutEmpty(Object.entries(labels));
}

function withoutEmpty(labels: Labels): Labels {
  return labels
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [name, wellFormed(value)] as const);
}

/** Values are UTF-8, which cannot express halves of surrogate pairs. */
function wellFormed(value: string): string {
  return /\p{Surrogate}/u.test(value) ? JSON.stringify(value).slice(1, -1) : value;
}

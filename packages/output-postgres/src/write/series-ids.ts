import { seriesId, timesParts, type SeriesKey } from '@drumline/model';
import type { ClientBase } from 'pg';
import { digest } from '../rows/digest.js';
import { cleanJson, cleanText } from '../rows/text.js';

/** The ids of a run's series in the database. */
export class SeriesIds {
  private readonly ids = new Map<string, string>();

  /** @param table the quoted name of the table */
  constructor(
    private readonly table: string,
    private readonly runId: string,
  ) {}

  /** Adds the series that the database lacks. Not in a transaction that may be rolled back. */
  async add(client: ClientBase, keys: Iterable<SeriesKey>): Promise<void> {
    const missing = new Map<string, SeriesKey>();
    const digests = new Map<string, string>();
    for (const key of keys) {
      const id = seriesId(key);
      if (this.ids.has(id) || missing.has(id)) continue;
      missing.set(id, key);
      digests.set(digest(id), id);
    }
    if (missing.size === 0) return;
    const all = [...missing.values()];
    await client.query(
      `INSERT INTO ${this.table} (run_id, key, protocol, method, name, user_type, tags, is_part)
       SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::boolean[])
       ON CONFLICT DO NOTHING`,
      [
        this.runId,
        [...digests.keys()],
        all.map(({ protocol }) => cleanText(protocol)),
        all.map(({ method }) => cleanText(method)),
        all.map(({ name }) => cleanText(name)),
        all.map(({ user }) => cleanText(user)),
        all.map(({ tags }) => cleanJson(Object.fromEntries(tags))),
        all.map(timesParts),
      ],
    );
    const { rows } = await client.query<{ series_id: string; key: string }>(
      `SELECT series_id, key FROM ${this.table} WHERE run_id = $1 AND key = ANY($2)`,
      [this.runId, [...digests.keys()]],
    );
    for (const { series_id: id, key } of rows) this.ids.set(digests.get(key)!, id);
  }

  /** The id of a series that was added. */
  of(key: SeriesKey): string {
    return this.ids.get(seriesId(key))!;
  }
}

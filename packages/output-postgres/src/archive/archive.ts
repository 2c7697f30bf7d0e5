import type { ArchivedRun, ArchiveQuery, RunArchive } from '@drumline/outputs';
import type { RunHistory } from '@drumline/stats';
import type pg from 'pg';
import { connect, type Address } from '../connection/connect.js';
import { failureOf } from '../connection/failure.js';
import { versionOf } from '../schema/migrate.js';
import { quoteName } from '../schema/quote-name.js';
import { OutputError } from '@drumline/outputs';
import { readHistory } from './history.js';

/** The most runs that a query returns. */
const MOST = 20;

/** Reads runs from a database. Connects with the first question. */
export class PostgresArchive implements RunArchive {
  private connecting: Promise<pg.Client> | undefined;

  constructor(private readonly address: Address) {}

  find({ id, scenario, labels, state, startedBefore, hasResult }: ArchiveQuery): Promise<ArchivedRun[]> {
    return this.ask(async (client, schema) => {
      const { rows } = await client.query<ArchivedRun>(
        `SELECT run_id AS "runId", scenario, state,
           to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "startedAt"
         FROM ${schema}.run
         WHERE ($1::text IS NULL OR starts_with(run_id::text, lower($1)))
           AND ($2::text IS NULL OR scenario = $2 OR regexp_replace(scenario, '\\.\\w+$', '') = $2)
           AND ($3::jsonb IS NULL OR labels @> $3)
           AND ($4::text IS NULL OR state = $4)
           AND ($5::timestamptz IS NULL OR started_at < $5)
           AND (NOT $6 OR result IS NOT NULL)
         ORDER BY started_at DESC LIMIT ${MOST}`,
        [id, scenario, labels && JSON.stringify(labels), state, startedBefore, hasResult === true],
      );
      return rows;
    });
  }

  result(runId: string): Promise<unknown> {
    return this.ask(async (client, schema) => {
      const { rows } = await client.query<{ result: unknown }>(
        `SELECT result FROM ${schema}.run WHERE run_id = $1`,
        [runId],
      );
      return rows[0]?.result ?? undefined;
    });
  }

  history(runId: string): Promise<RunHistory> {
    return this.ask((client, schema) => readHistory(client, schema, runId));
  }

  async close(): Promise<void> {
    const client = await this.connecting?.catch(() => undefined);
    this.connecting = undefined;
    await client?.end();
  }

  private async ask<T>(question: (client: pg.Client, schema: string) => Promise<T>): Promise<T> {
    try {
      this.connecting ??= this.connect();
      return await question(await this.connecting, quoteName(this.address.schema));
    } catch (error) {
      throw new OutputError(failureOf(error).message, { cause: error });
    }
  }

  private async connect(): Promise<pg.Client> {
    const { schema } = this.address;
    const client = await connect(this.address);
    if ((await versionOf(client, schema)) > 0) return client;
    await client.end();
    throw new OutputError(`there are no runs in the schema ${schema}`);
  }
}

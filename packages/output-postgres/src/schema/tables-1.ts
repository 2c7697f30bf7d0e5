/** Version 1 of the schema. `{schema}` stands for its quoted name. */
export const TABLES_1 = `
CREATE TABLE {schema}.run (
  run_id uuid PRIMARY KEY,
  scenario text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  state text NOT NULL,
  verdict text,
  exit_code int,
  labels jsonb NOT NULL,
  result jsonb
);
CREATE INDEX ON {schema}.run (started_at);
COMMENT ON TABLE {schema}.run IS 'Runs. Delete a row to delete all that is known about a run.';
COMMENT ON COLUMN {schema}.run.result IS 'The result as drumline run --json writes it; null until the run has ended';

CREATE TABLE {schema}.series (
  series_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES {schema}.run ON DELETE CASCADE,
  key text NOT NULL,
  protocol text NOT NULL,
  method text NOT NULL,
  name text NOT NULL,
  user_type text NOT NULL,
  tags jsonb NOT NULL,
  is_part boolean NOT NULL,
  UNIQUE (run_id, key)
);
COMMENT ON TABLE {schema}.series IS 'Requests that a run counts together';
COMMENT ON COLUMN {schema}.series.key IS 'Digest of protocol, method, name, user type and tags: equal in all runs';
COMMENT ON COLUMN {schema}.series.is_part IS 'Whether it times parts of requests, which are not in the totals';

CREATE TABLE {schema}.second (
  run_id uuid NOT NULL,
  at timestamptz NOT NULL,
  second int NOT NULL,
  series_id bigint NOT NULL REFERENCES {schema}.series ON DELETE CASCADE,
  requests bigint NOT NULL,
  failures bigint NOT NULL,
  interrupted bigint NOT NULL,
  bytes_sent bigint NOT NULL,
  bytes_received bigint NOT NULL,
  timed bigint NOT NULL,
  timed_seconds smallint NOT NULL,
  mean_us double precision,
  min_us bigint,
  p50_us bigint,
  p90_us bigint,
  p95_us bigint,
  p99_us bigint,
  max_us bigint,
  latency bytea,
  service bytea,
  statuses jsonb,
  errors jsonb,
  PRIMARY KEY (series_id, at)
);
CREATE INDEX ON {schema}.second (run_id, at);
COMMENT ON TABLE {schema}.second IS 'What a series counted in a second; no row if it counted nothing';
COMMENT ON COLUMN {schema}.second.timed IS 'Number of response times in the figures and in latency';
COMMENT ON COLUMN {schema}.second.timed_seconds IS 'The response times are those of this second, or of so many that end with it';
COMMENT ON COLUMN {schema}.second.latency IS 'Histogram of response times, for percentile_us';
COMMENT ON COLUMN {schema}.second.service IS 'Histogram of service times; null if they equal the response times';

CREATE TABLE {schema}.run_second (
  run_id uuid NOT NULL REFERENCES {schema}.run ON DELETE CASCADE,
  at timestamptz NOT NULL,
  second int NOT NULL,
  users bigint,
  planned_users bigint,
  planned_rate double precision,
  cut_off_users bigint,
  workers_present int,
  workers_missing int,
  busiest_lane double precision,
  untrusted boolean NOT NULL,
  requests bigint NOT NULL,
  failures bigint NOT NULL,
  interrupted bigint NOT NULL,
  failed_checks bigint NOT NULL,
  exceptions bigint NOT NULL,
  started bigint NOT NULL,
  late bigint NOT NULL,
  dropped bigint NOT NULL,
  skipped bigint NOT NULL,
  mean_us double precision,
  min_us bigint,
  p50_us bigint,
  p90_us bigint,
  p95_us bigint,
  p99_us bigint,
  max_us bigint,
  latency bytea,
  PRIMARY KEY (run_id, at)
);
COMMENT ON TABLE {schema}.run_second IS 'A second of a run, over all series';

CREATE TABLE {schema}.check_second (
  run_id uuid NOT NULL REFERENCES {schema}.run ON DELETE CASCADE,
  at timestamptz NOT NULL,
  second int NOT NULL,
  key text NOT NULL,
  check_name text NOT NULL,
  tags jsonb NOT NULL,
  passes bigint NOT NULL,
  fails bigint NOT NULL,
  PRIMARY KEY (run_id, at, key)
);

CREATE TABLE {schema}.metric_second (
  run_id uuid NOT NULL REFERENCES {schema}.run ON DELETE CASCADE,
  at timestamptz NOT NULL,
  second int NOT NULL,
  key text NOT NULL,
  metric text NOT NULL,
  kind text NOT NULL,
  tags jsonb NOT NULL,
  value double precision,
  min double precision,
  max double precision,
  hits bigint,
  total bigint,
  p50 double precision,
  p90 double precision,
  p95 double precision,
  p99 double precision,
  histogram bytea,
  PRIMARY KEY (run_id, at, key)
);
COMMENT ON COLUMN {schema}.metric_second.value IS 'What a counter gained, the last value of a gauge, the share of hits of a rate, or the mean of a trend';
COMMENT ON COLUMN {schema}.metric_second.total IS 'Values of a rate or a trend';

CREATE TABLE {schema}.event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES {schema}.run ON DELETE CASCADE,
  at timestamptz NOT NULL,
  type text NOT NULL,
  data jsonb NOT NULL
);
CREATE INDEX ON {schema}.event (run_id, at);

CREATE TABLE {schema}.writer (
  run_id uuid NOT NULL REFERENCES {schema}.run ON DELETE CASCADE,
  writer_id uuid NOT NULL,
  batch bigint NOT NULL,
  PRIMARY KEY (run_id, writer_id)
);
COMMENT ON TABLE {schema}.writer IS 'The newest batch of each master that wrote a run, so that none is counted twice';
`;

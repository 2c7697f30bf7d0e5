/**
 * Views and functions of version 1. Quantiles over a whole run come from its result, so they are
 * null until it has ended.
 */
export const VIEWS_1 = `
CREATE FUNCTION {schema}.percentile_us(histograms bytea[], q double precision) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  counts bigint[] := array_fill(0::bigint, ARRAY[23221]);
  bytes bytea; at int; size int; byte int; unit bigint; number bigint; field int; bucket int;
  total bigint := 0; highest bigint := 0; seen bigint := 0; wanted bigint; shift int;
BEGIN
  FOREACH bytes IN ARRAY coalesce(histograms, ARRAY[]::bytea[]) LOOP
    CONTINUE WHEN bytes IS NULL;
    at := 1; size := length(bytes); field := 0; bucket := 0;
    WHILE at < size LOOP
      number := 0; unit := 1;
      LOOP
        byte := get_byte(bytes, at); at := at + 1;
        number := number + (byte & 127) * unit;
        EXIT WHEN byte < 128;
        unit := unit * 128;
      END LOOP;
      -- Count, sum, minimum and maximum; then pairs of a distance and a count.
      IF field = 0 THEN total := total + number;
      ELSIF field = 3 THEN highest := greatest(highest, number);
      ELSIF field > 3 AND field % 2 = 0 THEN bucket := bucket + number;
      ELSIF field > 3 THEN counts[bucket + 1] := counts[bucket + 1] + number;
      END IF;
      field := field + 1;
    END LOOP;
  END LOOP;
  IF total = 0 THEN RETURN NULL; END IF;
  wanted := greatest(1, ceil(q * total * (1 - 4.44e-16))::bigint);
  IF wanted >= total THEN RETURN highest; END IF;
  FOR bucket IN 0..23220 LOOP
    seen := seen + counts[bucket + 1];
    IF seen >= wanted THEN
      IF bucket < 2048 THEN RETURN bucket; END IF;
      shift := (bucket >> 10) - 1;
      RETURN least((((bucket & 1023) + 1025)::bigint << shift) - 1, highest);
    END IF;
  END LOOP;
  RETURN highest;
END $$;
COMMENT ON FUNCTION {schema}.percentile_us IS 'The quantile over merged histograms, in microseconds: percentile_us(array_agg(latency), 0.95)';

CREATE FUNCTION {schema}.seconds_of(result jsonb, counted bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT coalesce((result #>> '{run,durationMs}')::double precision / 1000, counted) $$;
COMMENT ON FUNCTION {schema}.seconds_of IS 'The length of a run: that of its result, or of the seconds so far';

CREATE VIEW {schema}.run_summary AS
SELECT r.run_id, r.scenario, r.state, r.verdict, r.labels, r.started_at, r.ended_at,
  count(s.second) AS seconds,
  max(s.users) AS max_users,
  coalesce(sum(s.requests), 0)::bigint AS requests,
  coalesce(sum(s.failures), 0)::bigint AS failures,
  coalesce(sum(s.interrupted), 0)::bigint AS interrupted,
  (sum(s.failures) / nullif(sum(s.requests), 0))::double precision AS failure_ratio,
  sum(s.requests)::double precision / nullif({schema}.seconds_of(r.result, count(s.second)), 0) AS requests_per_second,
  (r.result #>> '{totals,latencyMs,mean}')::double precision AS mean_ms,
  (r.result #>> '{totals,latencyMs,p50}')::double precision AS p50_ms,
  (r.result #>> '{totals,latencyMs,p95}')::double precision AS p95_ms,
  (r.result #>> '{totals,latencyMs,p99}')::double precision AS p99_ms,
  max(s.max_us) / 1000.0::double precision AS max_ms
FROM {schema}.run r LEFT JOIN {schema}.run_second s USING (run_id)
GROUP BY r.run_id;

CREATE VIEW {schema}.summary AS
SELECT i.run_id, i.series_id, i.key, i.protocol, i.method, i.name, i.user_type, i.tags, i.is_part,
  c.requests, c.failures, c.interrupted,
  c.failures::double precision / nullif(c.requests, 0) AS failure_ratio,
  c.requests::double precision / nullif({schema}.seconds_of(r.result, d.seconds), 0) AS requests_per_second,
  c.mean_us / 1000 AS mean_ms,
  (f.latency ->> 'p50')::double precision AS p50_ms,
  (f.latency ->> 'p95')::double precision AS p95_ms,
  (f.latency ->> 'p99')::double precision AS p99_ms,
  c.max_us / 1000.0::double precision AS max_ms
FROM {schema}.series i
JOIN {schema}.run r USING (run_id)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(s.requests), 0)::bigint AS requests,
    coalesce(sum(s.failures), 0)::bigint AS failures,
    coalesce(sum(s.interrupted), 0)::bigint AS interrupted,
    sum(s.mean_us * s.timed) / nullif(sum(s.timed), 0) AS mean_us,
    max(s.max_us) AS max_us
  FROM {schema}.second s WHERE s.series_id = i.series_id
) c
CROSS JOIN LATERAL (SELECT count(*) AS seconds FROM {schema}.run_second s WHERE s.run_id = i.run_id) d
LEFT JOIN LATERAL (
  SELECT one -> 'latencyMs' AS latency FROM jsonb_array_elements(r.result -> 'series') one
  WHERE one ->> 'protocol' = i.protocol AND one ->> 'method' = i.method AND one ->> 'name' = i.name
    AND one ->> 'user' = i.user_type AND coalesce(one -> 'tags', '{}') = i.tags
  LIMIT 1
) f ON true
WHERE c.requests > 0;

CREATE VIEW {schema}.comparison AS
SELECT b.run_id AS baseline_run_id, n.run_id, n.protocol, n.method, n.name, n.user_type, n.tags,
  b.requests AS baseline_requests, n.requests,
  b.requests_per_second AS baseline_requests_per_second, n.requests_per_second,
  b.failure_ratio AS baseline_failure_ratio, n.failure_ratio,
  b.mean_ms AS baseline_mean_ms, n.mean_ms,
  b.p50_ms AS baseline_p50_ms, n.p50_ms,
  b.p95_ms AS baseline_p95_ms, n.p95_ms,
  b.p99_ms AS baseline_p99_ms, n.p99_ms,
  n.p95_ms / nullif(b.p95_ms, 0) - 1 AS p95_change
FROM {schema}.summary n
JOIN {schema}.run rn ON rn.run_id = n.run_id
JOIN {schema}.run rb ON rb.scenario = rn.scenario AND rb.run_id <> rn.run_id
JOIN {schema}.summary b ON b.run_id = rb.run_id AND b.key = n.key;
COMMENT ON VIEW {schema}.comparison IS 'Two runs of a scenario, by series. Select by baseline_run_id and run_id.';
`;

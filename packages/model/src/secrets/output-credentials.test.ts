import { expect, test } from '@jest/globals';
import { hasCredentials } from './output-credentials.js';

test.each([
  'postgres=postgres://load:secret@db/load',
  'postgres=postgres://:secret@db/load',
  'influxdb=http://db:8086/load?token=abc',
  'prometheus-remote-write=https://mimir/api/v1/push?optional=true&token=abc',
  'otlp=https://collector?header-x-api-key=abc',
  'otlp=https://collector?header-Authorization=Bearer%20abc',
  'tap-amqp=amqp://load:$ecret@broker',
])('%s has credentials', (output) => {
  expect(hasCredentials(output)).toBe(true);
});

test.each([
  'ndjson=seconds.ndjson',
  'ndjson=/data/a:b@c',
  'prometheus=:9464',
  'postgres=postgres://load@db/load?sslmode=require',
  'postgres=postgres://load:$(DB_PASSWORD)@db/load',
  'influxdb=http://db:8086/load?token-env=INFLUX_TOKEN&token-file=/run/token',
  'influxdb=http://db:8086?org=shop&bucket=load&token=$(INFLUX_TOKEN)',
  'otlp=https://collector?header-x-scope-orgid=team-a',
  'tap-zmq=tcp://127.0.0.1:5560',
])('%s has none', (output) => {
  expect(hasCredentials(output)).toBe(false);
});

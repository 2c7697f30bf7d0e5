import { tokenOptions } from '../http/credentials.js';
import type { OutputFactory } from '../output.js';
import { EXAMPLE, readInfluxOptions } from './options.js';
import { InfluxOutput } from './output.js';

/** InfluxDB 1 and 2, in line protocol. */
export const influxdb: OutputFactory = {
  name: 'influxdb',
  help: {
    text: 'Write seconds and series to InfluxDB in line protocol',
    example: EXAMPLE,
    options: [
      { name: 'org', text: 'Organization of InfluxDB 2' },
      { name: 'bucket', text: 'Bucket of InfluxDB 2' },
      ...tokenOptions('The token of InfluxDB 2, by default that in INFLUX_TOKEN'),
      { name: 'retention', text: 'Retention policy of InfluxDB 1' },
      { name: 'prefix', text: 'Begins the name of each measurement', standard: 'drumline_' },
    ],
  },
  create: (spec) => new InfluxOutput(readInfluxOptions(spec)),
};

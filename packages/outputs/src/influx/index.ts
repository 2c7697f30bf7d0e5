import type { OutputFactory } from '../output.js';
import { EXAMPLE, readInfluxOptions } from './options.js';
import { InfluxOutput } from './output.js';

/** InfluxDB 1 and 2, in line protocol. */
export const influxdb: OutputFactory = {
  name: 'influxdb',
  help: { text: 'Write seconds and series to InfluxDB in line protocol', example: EXAMPLE },
  create: (spec) => new InfluxOutput(readInfluxOptions(spec)),
};

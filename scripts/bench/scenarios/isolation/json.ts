// Neighbors that parse a megabyte of JSON a few times a second each.
import { throughput, user } from 'drumline';
import { visitorsBeside } from './visitors.js';

export default visitorsBeside((lanes) =>
  user('neighbour', {
    ...lanes,
    wait: throughput(4),
    tasks: {
      parse: async ({ http }) => void (await http.get(`${process.env['BENCH_NEIGHBOR']}/accounts`)).json(),
    },
  }),
);

import { between, scenario, startWith, user, type Scenario, type UserSpec, type UserType } from 'drumline';

/** Where the neighbors' lanes are. */
type Lanes = Pick<UserSpec<undefined>, 'lanes'>;

/** 20 light HTTP users. All further users are neighbors, on the lanes that BENCH_PLACE selects. */
export function visitorsBeside(makeNeighbour: (lanes: Lanes) => UserType<undefined>): Scenario {
  const ownGroup = process.env['BENCH_PLACE'] === 'own group';
  return scenario({
    users: [
      user('visitor', {
        fixedCount: 20,
        wait: between('50ms', '150ms'),
        tasks: { home: async ({ http }) => void (await http.get('/')) },
      }),
      makeNeighbour(ownGroup ? { lanes: 'neighbors' } : {}),
    ],
    load: startWith(20).hold(),
  });
}

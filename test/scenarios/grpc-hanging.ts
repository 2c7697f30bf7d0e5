import { grpc, scenario, startWith, user } from 'drumline';

const accounts = grpc
  .load('protos/bank/accounts.proto', { includeDirs: ['protos'] })
  .service('bank.Accounts', { channels: 'user', deadline: 0 });

const patient = user('patient', {
  tasks: {
    hang: async () => {
      await accounts.call('Hang', { ids: [1] });
    },
  },
});

export default scenario({ users: [patient], load: startWith(8).hold('2s'), stopTimeout: '200ms' });

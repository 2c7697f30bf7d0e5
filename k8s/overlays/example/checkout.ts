import { between, scenario, startWith, user } from 'drumline';

const customer = user('customer', {
  wait: between('1s', '3s'),
  tasks: {
    async checkout({ http }) {
      await http.get('/cart');
      await http.post('/orders', { json: { sku: 7 } });
    },
  },
});

export default scenario({ users: [customer], load: startWith(2_000).hold('10m') });

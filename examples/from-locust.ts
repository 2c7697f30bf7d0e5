// A locustfile, ported line by line: users with weights, tasks with weights, a wait, a login,
// catch_response, @tag.
//
//   npx drumline run examples/from-locust.ts -u 20 -r 5 -t 15s --target http://127.0.0.1:8000
//
// class Shopper(HttpUser):
//     weight = 3
//     wait_time = between(0.1, 0.5)
//     def on_start(self):
//         self.client.post("/login", json={"user": "demo"})
//     @task(3)
//     def browse(self):
//         for id in range(3):
//             self.client.get(f"/products/{id}", name="/products/[id]")
//             time.sleep(0.1)
//     @task
//     @tag("write")
//     def buy(self):
//         with self.client.post("/cart", json={"sku": 7}, catch_response=True) as response:
//             if response.status_code == 409:
//                 response.success()
//             elif not response.json().get("added"):
//                 response.failure("not added")
//
// class Admin(HttpUser):
//     fixed_count = 1
//     wait_time = constant_pacing(1)
//     @task
//     def look(self):
//         self.client.get("/products")
import { between, pacing, scenario, task, user } from 'drumline';

const shopper = user('Shopper', {
  weight: 3,
  wait: between('100ms', '500ms'),
  async onStart({ http }) {
    await http.post('/login', { json: { user: 'demo' } });
  },
  tasks: {
    browse: task(3, async ({ http, sleep }) => {
      for (let id = 0; id < 3; id += 1) {
        await http.get(`/products/${id}`, { name: '/products/[id]' });
        await sleep('100ms');
      }
    }),
    buy: task({ tags: ['write'] }, async ({ http }) => {
      const response = await http.post('/cart', { json: { sku: 7 }, expect: [201, 409] });
      if (response.status === 201 && !response.json<{ added: boolean }>().added) response.fail('not added');
    }),
  },
});

const admin = user('Admin', {
  fixedCount: 1,
  wait: pacing('1s'),
  tasks: {
    look: async ({ http }) => {
      await http.get('/products');
    },
  },
});

export default scenario({ target: 'http://127.0.0.1:8000', users: [shopper, admin] });

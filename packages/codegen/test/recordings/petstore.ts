// From petstore.yaml, Swagger Petstore 1.0.20: 8 of 9 operations.
// Left out as deprecated: findPetsByTags.
import { between, ramp, scenario, secrets, task, user } from 'drumline';

// Secrets are not stored in this file. --secret API_TOKEN --secret API_KEY reads them from the
// environment.
const { API_TOKEN = '', API_KEY = '' } = secrets;

const client = user('client', () => ({ petId: 0 }), {
  wait: between('1s', '3s'),
  async onStart({ http, state }) {
    http.auth({ bearer: API_TOKEN });
    const pet = await http.post('/pets', {
      json: { name: 'doggie', status: 'available', category: { name: 'name' } },
      headers: { 'X-Tenant': 'acme' },
    });
    state.petId = pet.json<{ id: number }>().id;
  },
  tasks: {
    // All pets, a page at a time.
    listPets: task({ weight: 3, tags: ['pets'] }, async ({ http }) => {
      await http.get('/pets', {
        query: { status: 'available', tags: 'small,brown' },
        headers: { 'X-Tenant': 'acme' },
      });
    }),
    // Adds a pet to the store
    createPet: task({ tags: ['pets'] }, async ({ http }) => {
      await http.post('/pets', {
        json: { name: 'doggie', status: 'available', category: { name: 'name' } },
        headers: { 'X-Tenant': 'acme' },
      });
    }),
    getPetById: task({ weight: 3, tags: ['pets'] }, async ({ http, state }) => {
      await http.get(`/pets/${state.petId}`, {
        headers: { 'X-Tenant': 'acme' },
        name: '/pets/[petId]',
      });
    }),
    updatePet: task({ tags: ['pets'] }, async ({ http, state }) => {
      await http.put(`/pets/${state.petId}`, {
        json: { name: 'Rex', status: 'sold', category: { name: 'Dogs' } },
        headers: { 'X-Tenant': 'acme' },
        name: '/pets/[petId]',
      });
    }),
    deletePet: task({ tags: ['pets'] }, async ({ http }) => {
      const pet = await http.post('/pets', {
        json: { name: 'doggie', status: 'available', category: { name: 'name' } },
        headers: { 'X-Tenant': 'acme' },
      });
      const { id: petId } = pet.json<{ id: number }>();
      await http.delete(`/pets/${petId}`, {
        headers: { 'X-Tenant': 'acme' },
        name: '/pets/[petId]',
      });
    }),
    uploadPhoto: task({ tags: ['pets'] }, async ({ http, state }) => {
      await http.post(`/pets/${state.petId}/photos`, {
        multipart: {
          caption: 'Rex at the beach',
          photo: { filename: 'photo.bin', content: 'content' },
        },
        headers: { 'X-Tenant': 'acme' },
        name: '/pets/[petId]/photos',
      });
    }),
    // Orders a pet.
    placeOrder: task({ tags: ['store'] }, async ({ http }) => {
      await http.post('/store/orders', { form: { petId: 17, quantity: 1, giftWrap: false } });
    }),
    getInventory: task({ weight: 3, tags: ['store'] }, async ({ http }) => {
      await http.get('/store/inventory');
    }),
  },
});

export default scenario({
  target: 'https://eu.petstore.example/v3',
  http: { headers: { 'X-API-Key': API_KEY } },
  users: [client],
  load: ramp({ to: 10, over: '10s' }).hold('1m'),
});

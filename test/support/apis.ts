import { randomInt, randomUUID } from 'node:crypto';
import { startSite, type Answer, type Asked, type Site } from './site.js';

/** Credentials for the described APIs. */
export const CREDENTIALS = {
  API_TOKEN: 'token-of-the-test',
  API_KEY: 'key-of-the-test',
  API_SESSION: 'session-of-the-test',
  API_USERNAME: 'grace',
  API_PASSWORD: 'hopper',
  PASSWORD: 'a long password',
};

/** The API of `petstore.yaml`. It has only the pets that clients created. */
export async function startPetstore(): Promise<Site> {
  const pets = new Set<string>();
  return await startSite(({ method, parts, query, headers, body }) => {
    const [version, noun, id, part] = parts;
    if (version !== 'v3' || headers.authorization !== `Bearer ${CREDENTIALS.API_TOKEN}`)
      return { status: 401 };
    if (noun === 'store') return store(id, { headers, body });
    if (headers['x-tenant'] !== 'acme') return { status: 400 };
    if (id === undefined && method === 'GET') {
      return query.get('status') === 'available' && query.get('tags') === 'small,brown'
        ? { json: [] }
        : { status: 400 };
    }
    if (id === undefined) return create(pets, body);
    if (!pets.has(id)) return { status: 404 };
    if (part === 'photos')
      return { status: /filename="photo/.test(body) && /Rex at the beach/.test(body) ? 200 : 400 };
    if (method === 'DELETE') return { status: pets.delete(id) ? 204 : 404 };
    return { json: { id: Number(id) } };
  });
}

function store(what: string | undefined, { headers, body }: Pick<Asked, 'headers' | 'body'>): Answer {
  if (what === 'inventory') return { status: headers['x-api-key'] === CREDENTIALS.API_KEY ? 200 : 401 };
  return { status: new URLSearchParams(body).get('petId') === '17' ? 200 : 400 };
}

function create(pets: Set<string>, body: string): Answer {
  const pet = JSON.parse(body) as {
    name?: string;
    status?: string;
    category?: { name?: string };
    id?: number;
  };
  if (
    pet.name === undefined ||
    pet.status !== 'available' ||
    pet.category?.name === undefined ||
    pet.id !== undefined
  )
    return { status: 422 };
  const id = randomInt(1_000_000, 9_999_999);
  pets.add(String(id));
  return { status: 201, json: { ...pet, id } };
}

/** The API of `books.json`. */
export async function startBooks(): Promise<Site> {
  const shelves = new Set<string>();
  return await startSite(({ method, parts: [, noun, id], query, headers, body }) => {
    if (noun === 'login') {
      const { password, since } = JSON.parse(body) as { password: string; since: string };
      return { status: password === CREDENTIALS.PASSWORD && !Number.isNaN(Date.parse(since)) ? 200 : 401 };
    }
    if (!headers.cookie?.includes(`SESSION=${CREDENTIALS.API_SESSION}`)) return { status: 401 };
    if (noun === 'notes')
      return {
        status: headers['content-type'] === 'text/plain' && body === 'A note,\nwith two lines' ? 200 : 400,
      };
    if (noun === 'books') {
      const filtered = query.get('filter[lang]') === 'en' && Number(query.get('filter[year]')) > 1900;
      return {
        status:
          filtered && query.getAll('fields').length === 2 && id === '978-3-16-148410-0.json' ? 200 : 400,
      };
    }
    if (id === undefined && method === 'POST') {
      if (headers['content-type'] !== 'application/vnd.books+json') return { status: 415 };
      const shelf = { ...(JSON.parse(body) as object), id: randomUUID() };
      shelves.add(shelf.id);
      return { status: 201, json: shelf };
    }
    return { status: id === undefined || shelves.has(id) ? 200 : 404 };
  });
}

/** The API of `store.json`. */
export async function startStore(): Promise<Site> {
  const items = new Set<string>();
  const basic = Buffer.from(`${CREDENTIALS.API_USERNAME}:${CREDENTIALS.API_PASSWORD}`).toString('base64');
  return await startSite(({ method, parts: [, , id, part], query, headers, body }) => {
    if (headers.authorization !== `Basic ${basic}`) return { status: 401 };
    if (id === undefined && method === 'GET')
      return { status: query.get('ids') === '1' && query.get('kind') === 'a' ? 200 : 400 };
    if (id === undefined) {
      const itemId = randomInt(1_000, 9_999);
      items.add(String(itemId));
      return (JSON.parse(body) as { price: number }).price >= 0.5 ? { json: { itemId } } : { status: 422 };
    }
    if (!items.has(id)) return { status: 404 };
    if (part === 'picture') return { status: /filename="file/.test(body) ? 200 : 400 };
    if (method === 'GET') return { status: query.get('key') === CREDENTIALS.API_KEY ? 200 : 401 };
    return { status: new URLSearchParams(body).has('name') ? 200 : 400 };
  });
}

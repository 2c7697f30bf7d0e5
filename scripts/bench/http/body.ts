const SIZE_BYTES = 1_024;

const product = {
  id: 4711,
  sku: 'DRM-4711-B',
  name: 'Marching snare drum, 14 by 12 inches',
  price: { cents: 48_900, currency: 'EUR', vatIncluded: true },
  stock: [
    { warehouse: 'Leipzig', count: 12, reserved: 3 },
    { warehouse: 'Rotterdam', count: 0, reserved: 0 },
    { warehouse: 'Gdansk', count: 41, reserved: 7 },
  ],
  rating: { mean: 4.62, votes: 318 },
  tags: ['percussion', 'outdoor', 'free shipping'],
  related: [4712, 4718, 4802, 5110],
  updatedAt: '2026-03-14T09:26:53.589Z',
  description: '',
};

const sentence = 'A shell of six plies of maple, free-floating, with a harness and two pairs of sticks. ';

/** One product of a shop as JSON, 1,024 bytes. */
export const BODY = JSON.stringify({
  ...product,
  description: sentence.repeat(20).slice(0, SIZE_BYTES - JSON.stringify(product).length),
});

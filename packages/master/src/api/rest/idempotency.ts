/** The headers of requests that submit a run. */
export const idempotencyHeaders = {
  type: 'object',
  properties: {
    'idempotency-key': {
      type: 'string',
      maxLength: 200,
      description: 'requests with the same key create one run',
    },
  },
} as const;

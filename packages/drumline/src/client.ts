export * from '@drumline/client';

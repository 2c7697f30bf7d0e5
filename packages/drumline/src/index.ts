export * from '@drumline/scenario';

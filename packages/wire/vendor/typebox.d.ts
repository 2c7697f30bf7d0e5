export { default as Type, default } from 'typebox';
export { Compile } from 'typebox/compile';

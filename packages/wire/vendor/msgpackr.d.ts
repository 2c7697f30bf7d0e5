export { Packr } from 'msgpackr';

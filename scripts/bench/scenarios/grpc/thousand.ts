import { asking } from './accounts.js';

export default asking(1_000, 1);

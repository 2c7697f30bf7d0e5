import { asking } from './accounts.js';

export default asking(1, 1);

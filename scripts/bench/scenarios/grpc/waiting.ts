// Users that wait after one call, over one channel.
import { waiting } from './waiting-users.js';

export default waiting(1);

// Users who have called once and wait, over one channel.
import { waiting } from './waiting-users.js';

export default waiting(1);

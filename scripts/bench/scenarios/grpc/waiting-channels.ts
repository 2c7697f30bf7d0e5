// Users who have called once and wait, each with a channel of its own that stays open.
import { waiting } from './waiting-users.js';

export default waiting('user');

// Users that wait after one call, each with its own open channel.
import { waiting } from './waiting-users.js';

export default waiting('user');

export { hasCredentials, OUTPUT_CREDENTIALS } from './output-credentials.js';
export { PrintedLines } from './printed-lines.js';
export { Redactor } from './redactor.js';
export { withoutLogin } from './without-login.js';
export { isSecretName, MIN_SECRET_LENGTH, type Secrets } from './secrets.js';

import { render } from 'preact';
import { takeToken } from './api/session.js';
import { App } from './app.js';
import { isInteractive } from './parts/medium.js';
import { applyTheme } from './parts/theme.js';

applyTheme();
isInteractive.value = true;
render(<App token={takeToken()} />, document.getElementById('app')!);

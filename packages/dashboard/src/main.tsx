import { render } from 'preact';
import { takeToken } from './api/session.js';
import { App } from './app.js';
import { applyTheme } from './parts/theme.js';

applyTheme();
render(<App token={takeToken()} />, document.getElementById('app')!);

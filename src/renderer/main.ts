import { mount } from 'svelte';
import App from './App.svelte';
import { takeToken } from './connection/access-token.ts';
import { browserClock } from './lib/clock.ts';
import { showLastTheme } from './lib/theme.ts';
import { Workspace } from './state/workspace.svelte.ts';
import './styles/theme.css';
import './styles/base.css';
import './styles/controls.css';

showLastTheme();
const workspace = new Workspace(browserClock, sessionStorage, window.innerWidth);
mount(App, { target: document.body, props: { workspace } });
workspace.connect(
	window.host === undefined
		? { origin: location.origin, token: takeToken(window) }
		: { bridge: window.host },
	browserClock,
);

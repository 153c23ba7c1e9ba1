import { mount } from 'svelte';
import App from './App.svelte';
import { hasToken, takeToken } from './connection/access-token.ts';
import { browserClock } from './lib/clock.ts';
import { showLastTheme } from './lib/theme.ts';
import { Workspace } from './state/workspace.svelte.ts';
import './styles/theme.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/side-list.css';
import './styles/option-list.css';
import './styles/line-form.css';
import './styles/log-row.css';

showLastTheme();
// The printed address pasted into this tab changes the fragment only, which loads nothing by itself.
window.addEventListener('hashchange', () => {
	if (hasToken(location)) {
		location.reload();
	}
});
const workspace = new Workspace(browserClock, sessionStorage, window.innerWidth);
mount(App, { target: document.body, props: { workspace } });
workspace.connect(
	window.host === undefined
		? { origin: location.origin, token: takeToken(window) }
		: { bridge: window.host },
	browserClock,
);

import { expect, it } from 'vitest';
import { browserCommand } from '#main/web/open-browser.ts';

it.each([
	['linux', {}, undefined],
	['linux', { DISPLAY: ':0' }, ['xdg-open', 'u']],
	['linux', { WAYLAND_DISPLAY: 'w' }, ['xdg-open', 'u']],
	['linux', { DISPLAY: ':0', CI: 'true' }, undefined],
	['darwin', {}, ['open', 'u']],
	['win32', {}, ['cmd', '/c', 'start', '', 'u']],
] as const)('on %s with %j is %j', (platform, env, command) => {
	expect(browserCommand('u', { platform, env })).toEqual(command);
});

import { defineConfig } from 'playwright/test';
import { CHROMIUM_ARGS, lookForChromium } from './test/support/find-chromium.ts';
import { findElectronProgram } from './test/support/hosts/test-host.ts';
import type { HostKind } from './test/support/hosts/test-host.ts';

const executablePath = lookForChromium();
const webOnly = /host-web/;
const desktopOnly = /host-electron/;

/**
 * In the title of a test: it is about what the page and the engine do, which are the same for every
 * host. The stand-in has the same bundle in the same Chromium as the web host, so that such a test
 * could not tell them apart: it runs on the web host, and where Electron itself is, whose Chromium is
 * another one. On the stand-in each part of the window keeps at least one test, and all those that go
 * through the host: opening, keeping, reloading, passwords, the clipboard, menus and the window itself.
 */
const pageAlone = /@page\b/;

export default defineConfig<{ hostKind: HostKind }>({
	testDir: 'test/e2e',
	outputDir: 'test-results/e2e',
	fullyParallel: true,
	// A test keeps about one processor busy: more of them at once than processors gain nothing.
	workers: 2,
	forbidOnly: true,
	timeout: 60_000,
	expect: { timeout: 10_000 },
	reporter: [['list']],
	use: {
		launchOptions: {
			args: [...CHROMIUM_ARGS],
			...(executablePath === undefined ? {} : { executablePath }),
		},
		viewport: { width: 1_360, height: 860 },
		// Recording takes a quarter of a test's time. A failed one leaves a picture and an outline of
		// its page; `npm run test:e2e -- NAME --trace=on` tells the rest.
		screenshot: 'only-on-failure',
	},
	// One set of specs for every host there is on this machine.
	projects: [
		{ name: 'web', testIgnore: desktopOnly, use: { hostKind: 'web' } },
		{
			name: 'electron-stand-in',
			testIgnore: webOnly,
			grepInvert: pageAlone,
			use: { hostKind: 'electron-stand-in' },
		},
		...(findElectronProgram() === undefined
			? []
			: [{ name: 'electron', testIgnore: webOnly, use: { hostKind: 'electron' as const } }]),
	],
});

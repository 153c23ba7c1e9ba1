import { defineConfig } from 'playwright/test';
import { CHROMIUM_ARGS, lookForChromium } from './test/support/find-chromium.ts';
import { findElectronProgram } from './test/support/hosts/test-host.ts';
import type { HostKind } from './test/support/hosts/test-host.ts';

const executablePath = lookForChromium();
const webOnly = /host-web/;
const desktopOnly = /host-electron/;

export default defineConfig<{ hostKind: HostKind }>({
	testDir: 'test/e2e',
	outputDir: 'test-results/e2e',
	fullyParallel: true,
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
		trace: 'retain-on-failure',
	},
	// The same specs in every host there is on this machine.
	projects: [
		{ name: 'web', testIgnore: desktopOnly, use: { hostKind: 'web' } },
		{
			name: 'electron-stand-in',
			testIgnore: webOnly,
			use: { hostKind: 'electron-stand-in' },
		},
		...(findElectronProgram() === undefined
			? []
			: [{ name: 'electron', testIgnore: webOnly, use: { hostKind: 'electron' as const } }]),
	],
});

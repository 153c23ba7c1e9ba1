import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Parts of Chromium that no test is about; this list takes the place of Playwright's own. */
const DISABLED_FEATURES = [
	// The address bar's popups are pages of their own, loaded anew for each window though nobody
	// sees it: they cost as much as the app's page and its host together.
	'WebUIOmniboxPopup',
	'WebUIOmniboxAimPopup',
	// What Playwright turns off: it would ask the network, or get in the way of driving a page.
	'AimEnabled',
	'AvoidCorsURLLoaderRestartOnRedirect',
	'AvoidUnnecessaryBeforeUnloadCheckSync',
	'DestroyProfileOnBrowserClose',
	'HttpsFirstBalancedModeAutoEnable',
	'HttpsUpgrades',
	'LensOverlay',
	'MediaRouter',
	'NetworkTimeServiceQuerying',
	'OptimizationHints',
	'PaintHolding',
	'PreconnectToSearch',
	'ThirdPartyStoragePartitioning',
];

/** Quiet, and as root without the sandbox, which does not work for root. */
export const CHROMIUM_ARGS: readonly string[] = [
	'--disable-background-networking',
	'--disable-component-update',
	`--disable-features=${DISABLED_FEATURES.join(',')}`,
	'--disable-sync',
	'--no-first-run',
	...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** A Chromium this machine has: named by `CHROMIUM_PATH`, installed, or fetched by Playwright. */
export function lookForChromium(): string | undefined {
	const named = process.env['CHROMIUM_PATH'];
	const folders = (process.env['PATH'] ?? '').split(delimiter);
	const candidates = [
		...(named ? [named] : []),
		...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))),
		...MAC,
		chromium.executablePath(),
	];
	return candidates.find((path) => existsSync(path));
}

/** The same, and where there is none: fetches one. Throws one clear sentence when that fails. */
export function findChromium(say: (line: string) => void = console.error): string {
	const found = lookForChromium();
	if (found !== undefined) {
		return found;
	}
	say('No Chromium found: downloading the one Playwright uses …');
	run(process.execPath, [join('node_modules', 'playwright', 'cli.js'), 'install', 'chromium']);
	if (
		lookForChromium() === undefined &&
		process.getuid?.() === 0 &&
		existsSync('/usr/bin/apt-get')
	) {
		say('No download: installing the package chromium …');
		run('apt-get', ['update']);
		run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium']);
	}
	const installed = lookForChromium();
	if (installed === undefined) {
		throw new Error(
			'The browser tests need Chromium, and none could be found or installed: install Chromium ' +
				'or Google Chrome, or set CHROMIUM_PATH to one.',
		);
	}
	return installed;
}

// Its talk would say the same in more words: what counts is whether there is a Chromium afterwards.
function run(program: string, args: readonly string[]): void {
	spawnSync(program, args, {
		stdio: 'ignore',
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
	});
}

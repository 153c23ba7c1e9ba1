import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startWebProcess } from '../support/hosts/web-process.ts';
import { expect, test } from './fixtures.ts';
import { LogPage } from './pages/log-page.ts';
import type { App } from './fixtures.ts';

/** A log with one line, in the folder of the app. */
function writeLog(app: App, name: string): string {
	const path = join(app.folder, name);
	writeFileSync(path, `{"level":"INFO","message":"a line of ${name}"}\n`);
	return path;
}

const row = (app: App, name: string) =>
	app.page.getByRole('row').filter({ hasText: `a line of ${name}` });

test('the window is sandboxed and isolated', async ({ app }) => {
	await app.start();
	expect(await app.desktop.webPreferences()).toMatchObject({
		sandbox: true,
		contextIsolation: true,
		nodeIntegration: false,
		webviewTag: false,
	});
});

test('a page cannot navigate away', async ({ app }) => {
	const page = await app.start();
	const before = page.url();
	for (const url of ['https://evil.example/', `${before}index.html`]) {
		await page.evaluate((to) => location.assign(to), url);
		// Answers come only to a page that is still the app's.
		await app.openFile(writeLog(app, `${url.length}.jsonl`));
		await expect(row(app, `${url.length}.jsonl`)).toBeVisible();
		expect(page.url()).toBe(before);
	}
});

test('a page cannot open a window', async ({ app }) => {
	const page = await app.start();
	await page.evaluate(() => void window.open('https://evil.example/'));
	await expect.poll(() => page.context().pages().length).toBe(1);
	await app.openFile(writeLog(app, 'a.jsonl'));
	await expect(row(app, 'a.jsonl')).toBeVisible();
});

test('a page may write to the clipboard, and nothing else', async ({ app }) => {
	const page = await app.start();
	const states = await page.evaluate(async () => {
		const names = ['geolocation', 'notifications', 'midi', 'clipboard-read'] as PermissionName[];
		return Promise.all(
			names.map(async (name) => (await navigator.permissions.query({ name })).state),
		);
	});
	expect(states).toEqual(['denied', 'denied', 'denied', 'denied']);
	await page.evaluate(() => navigator.clipboard.writeText('x'));
});

test('the menu opens files, and lists them as recent', async ({ app }) => {
	await app.start();
	expect(await app.desktop.menuLabels('File', 'Open Recent')).toEqual(['No recent files']);
	const path = writeLog(app, 'a.jsonl');
	await app.desktop.willChoose([path]);
	await app.desktop.clickMenu('File', 'Open…');
	await expect(row(app, 'a.jsonl')).toBeVisible();
	const label = `a.jsonl — ${app.folder}`;
	await expect.poll(() => app.desktop.menuLabels('File', 'Open Recent')).toEqual([label]);
	await new LogPage(app.page).closeSource('a.jsonl');
	await expect(row(app, 'a.jsonl')).toBeHidden();
	await app.desktop.clickMenu('File', 'Open Recent', label);
	await expect(row(app, 'a.jsonl')).toBeVisible();
});

test('the menu changes the theme, and remembers it', async ({ app }) => {
	const isDark = () => app.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
	await app.start();
	for (const [label, expected] of [
		['Light', false],
		['Dark', true],
	] as const) {
		await app.desktop.clickMenu('View', 'Theme', label);
		await expect.poll(isDark).toBe(expected);
		await expect(app.page.locator('html')).toHaveAttribute('data-theme', label.toLowerCase());
	}
	await app.restart();
	await expect
		.poll(() => app.desktop.menuLabels('View', 'Theme'))
		.toEqual(['System', 'Light', '*Dark']);
	await expect.poll(isDark).toBe(true);
});

test('the menu reloads the page, which goes on as it was', async ({ app }) => {
	const page = await app.start(writeLog(app, 'a.jsonl'));
	await expect(row(app, 'a.jsonl')).toBeVisible();
	const reloaded = page.waitForEvent('load');
	await app.desktop.clickMenu('View', 'reload');
	await reloaded;
	await expect(row(app, 'a.jsonl')).toBeVisible();
});

test('a second start hands over its files and ends', async ({ app }) => {
	await app.start(writeLog(app, 'a.jsonl'));
	await expect(row(app, 'a.jsonl')).toBeVisible();
	writeLog(app, 'b.jsonl');
	await app.desktop.startSecond('b.jsonl'); // counts from the folder it was started in
	await expect(row(app, 'b.jsonl')).toBeVisible();
	expect(app.page.context().pages()).toHaveLength(1);
});

test('what a second start cannot open is said in the window', async ({ app }) => {
	const page = await app.start();
	await app.desktop.startSecond('nowhere.jsonl');
	await expect(page.getByRole('alert')).toContainText(join(app.folder, 'nowhere.jsonl'));
});

test('a file on the command line that cannot be opened is said in the window', async ({ app }) => {
	const path = join(app.folder, 'nowhere.jsonl');
	const page = await app.start(path);
	await expect(page.getByRole('alert')).toContainText(path);
});

test('a dropped file is opened', async ({ app }) => {
	await app.start();
	await app.drop(writeLog(app, 'a.jsonl'));
	await expect(row(app, 'a.jsonl')).toBeVisible();
});

test('a dropped folder is opened as one', async ({ app }) => {
	mkdirSync(join(app.folder, 'jobs'));
	writeLog(app, 'jobs/a.jsonl');
	await app.start();
	await app.drop(join(app.folder, 'jobs'));
	await expect(row(app, 'jobs/a.jsonl')).toBeVisible();
	await expect(app.page.getByRole('button', { name: 'About jobs' })).toBeVisible();
});

test('the window comes back where it was', async ({ app }) => {
	await app.start();
	await app.desktop.setBounds({ x: 40, y: 30, width: 900, height: 700 });
	await app.restart();
	expect(await app.desktop.size()).toEqual({ width: 900, height: 700 });
});

test('a data folder in use is said in the window, and the rest works', async ({ app }) => {
	const web = await startWebProcess(['--data', app.dataFolder, '--no-open'], { cwd: app.folder });
	try {
		const page = await app.start(writeLog(app, 'a.jsonl'));
		const sentence = `The data folder ${app.dataFolder} is in use by another AsyncZ Companion.`;
		await expect(page.getByText(sentence)).toHaveCount(1);
		expect(await app.desktop.menuLabels('View', 'Theme')).toEqual(['*System', 'Light', 'Dark']);
	} finally {
		await web.kill();
	}
});

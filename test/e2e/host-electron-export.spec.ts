import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { ExportDialog } from './pages/export-dialog.ts';
import { line, writeLog, writeNoise } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';
import { makeTempFolder, removeFolder } from '../support/temp-folder.ts';

const IS_ROOT = process.getuid?.() === 0;

const test = base.extend<{
	/** Where is exported to. */
	readonly folder: string;
	/** Mounts a file system on `folder`, with these options. */
	readonly mountHere: (options: string) => void;
}>({
	folder: async ({}, use) => {
		const folder = makeTempFolder();
		await use(folder);
		removeFolder(folder);
	},
	mountHere: async ({ folder }, use) => {
		let isMounted = false;
		await use((options) => {
			execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder]);
			isMounted = true;
		});
		if (isMounted) {
			execFileSync('umount', ['-l', folder]);
		}
	},
});

const LINES = ['one', 'two', 'three'].map((message) => line({ message }));
const TEXT = LINES.map((text) => `${text}\n`).join('');

test('a file that exists is replaced as a whole, and is shown in its folder', async ({
	app,
	folder,
}) => {
	const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), LINES)));
	await log.shows('3 matched');
	const dialog = new ExportDialog(app, log);
	const path = join(folder, 'there.jsonl');
	writeFileSync(path, 'what was there before');
	await dialog.open();

	await dialog.begin('');
	await expect(dialog.button('Export…')).toBeEnabled();
	expect(readFileSync(path, 'utf8')).toBe('what was there before');

	await dialog.begin(path);
	await expect(dialog.result).toHaveText(`Exported ${path}: 3 entries, ${TEXT.length} B.`);
	expect(readFileSync(path, 'utf8')).toBe(TEXT);
	expect(readdirSync(folder)).toEqual(['there.jsonl']);

	await dialog.button('Show in folder').click();
	await expect.poll(() => app.desktop.shownFiles()).toEqual([path]);
	rmSync(path);
	await dialog.button('Show in folder').click();
	await dialog.button('Done').click();
	await expect(log.page.getByText(`${path} is not there any more.`)).toBeVisible();
	await expect(log.page.getByRole('group', { name: 'Exports' })).toBeHidden();
});

test('a folder that is not there is said, and another one can be chosen', async ({
	app,
	folder,
}) => {
	const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), LINES)));
	await log.shows('3 matched');
	const dialog = new ExportDialog(app, log);
	await dialog.open();
	await dialog.begin(join(folder, 'no', 'a.jsonl'));
	await expect(dialog.result).toHaveText(
		`There is no folder ${join(folder, 'no')}: name one that is there.`,
	);
	await dialog.begin(join(folder, 'a.jsonl'));
	await expect(dialog.result).toContainText('Exported');
	expect(readFileSync(join(folder, 'a.jsonl'), 'utf8')).toBe(TEXT);
});

// What only root can mount, and what does not stop root.
if (!IS_ROOT || canMount()) {
	test('a folder that cannot be written to is said', async ({ app, folder, mountHere }) => {
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), LINES)));
		await log.shows('3 matched');
		if (IS_ROOT) {
			mountHere('size=64m,ro');
		} else {
			chmodSync(folder, 0o555);
		}
		const dialog = new ExportDialog(app, log);
		await dialog.open();
		await dialog.begin(join(folder, 'a.jsonl'));
		await expect(dialog.result).toHaveText(
			`The folder ${folder} can't be written to: choose another one.`,
		);
		await expect(dialog.button('Export…')).toBeEnabled();
	});
}

if (IS_ROOT && canMount()) {
	test('a disk that gets full in the middle is said, and what was there stays', async ({
		app,
		folder,
		mountHere,
	}) => {
		const log = new LogPage(await app.start(writeNoise(join(app.folder, 'large.jsonl'), 20_000)));
		await expect(log.status).toContainText('20,000 matched', { timeout: 40_000 });
		mountHere('size=48m');
		const path = join(folder, 'full.jsonl');
		writeFileSync(path, 'what was there before');
		const dialog = new ExportDialog(app, log);
		await dialog.open();
		await dialog.begin(path);
		await expect(dialog.result).toContainText(`There is not enough space for ${path}`);
		await expect(dialog.button('Try again')).toBeVisible();
		expect([readdirSync(folder), readFileSync(path, 'utf8')]).toEqual([
			['full.jsonl'],
			'what was there before',
		]);
		execFileSync('mount', ['-o', 'remount,size=200m', folder]);
		await dialog.button('Try again').click();
		await dialog.begin(path);
		await expect(dialog.result).toContainText(`Exported ${path}: 20,000 entries`);
		expect(readFileSync(path).equals(readFileSync(join(app.folder, 'large.jsonl')))).toBe(true);
	});
}

/** Root in a container may not. */
function canMount(): boolean {
	const folder = makeTempFolder();
	try {
		execFileSync('mount', ['-t', 'tmpfs', 'none', folder], { stdio: 'ignore' });
		execFileSync('umount', [folder]);
		return true;
	} catch {
		return false;
	} finally {
		removeFolder(folder);
	}
}

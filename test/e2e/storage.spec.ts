import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { ExportDialog } from './pages/export-dialog.ts';
import { line, writeEntries, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';
import { seriousFindings } from './pages/serious-findings.ts';
import { StorageDialog } from './pages/storage-dialog.ts';

/** Nobody listens there: it is not for users. */
const NOBODY = '127.0.0.1:1';
const SECRET = 'tr0ub4dor';

test('what is read goes into a file that is chosen, and is shown from there', async ({ app }) => {
	const path = writeEntries(join(app.folder, 'a.jsonl'), 30);
	const log = new LogPage(await app.start(path));
	await log.says('30 stored');
	const kept = join(app.folder, 'kept.jsonl');
	const storage = await StorageDialog.open(log);
	await expect(storage.used('SQLite')).toContainText('in the table');
	await storage.choose('JSONL file');
	await storage.button('Use for the table').click();
	await expect(storage.dialog.getByText('Type the path of the file.')).toBeVisible();
	await expect(storage.field('File')).toBeFocused();
	await storage.field('File').fill(kept);
	await expect(storage.address).toHaveValue(`jsonl:${kept}`);
	await storage.dialog.getByRole('checkbox', { name: 'Also send the 30 entries' }).check();
	if (app.hostKind !== 'web') {
		await app.desktop.willPress('Use it');
	}
	await storage.button('Use for the table').click();
	await expect(storage.dialog.getByText('The table shows it from now on.')).toBeVisible();
	await expect(storage.used('kept.jsonl')).toContainText('30 entries');
	await log.page.keyboard.press('Escape');
	await log.shows('30 stored');
	await expect.poll(() => readFileSync(kept, 'utf8').split('\n').length).toBe(31);

	// Others add to it as well; what they write is seen.
	appendFileSync(path, `${line({ message: 'read from the log' })}\n`);
	await expect(log.row('read from the log')).toBeVisible();
	await log.row('read from the log').click();
	await log.page.keyboard.press('Enter');
	await expect(log.details).toContainText('kept.jsonl');
	await expect(log.details).not.toContainText('offset');
	// Which source an entry is of is not known there.
	await expect(log.page.getByRole('heading', { name: 'Level' })).toBeVisible();
	await expect(log.page.getByRole('heading', { name: 'Source', exact: true })).toBeHidden();
	await log.ask('entry 30');
	await log.says('1 matched');

	// It is remembered; back again, the table shows what the local database has.
	const again = new LogPage(await app.restart());
	await again.shows('31 stored');
	await expect(again.page.getByRole('button', { name: /^kept\.jsonl/ })).toBeVisible();
	const dialog = await StorageDialog.open(again);
	await dialog.button('Show SQLite again').click();
	await expect(dialog.used('SQLite')).toContainText('in the table');
	await again.page.keyboard.press('Escape');
	await again.shows('31 stored');
	await expect(again.page.getByRole('heading', { name: 'Source', exact: true })).toBeVisible();
});

test('a ring in memory keeps as many as it is told to @page', async ({ app }) => {
	const log = new LogPage(await app.start(writeEntries(join(app.folder, 'a.jsonl'), 300)));
	await log.says('300 stored');
	const storage = await StorageDialog.open(log);
	await storage.choose('Memory');
	await storage.field('Entries kept').fill('100');
	await expect(storage.address).toHaveValue('memory?maxlen=100');
	await storage.dialog.getByRole('checkbox', { name: 'Also send' }).check();
	await storage.button('Use for the table').click();
	await expect(storage.used('Memory')).toContainText('100 entries');
	await storage.used('Memory').getByText('What it can do').click();
	await expect(storage.used('Memory')).toContainText('Kept in memory alone.');
	await log.page.keyboard.press('Escape');
	await log.shows('100 stored');
	await expect(log.rowAt(1)).toContainText('entry 300');
});

test('what was counted over the newest entries says so, and an export is whole', async ({
	app,
}) => {
	const path = writeEntries(join(app.folder, 'large.jsonl'), 12_000);
	const page = await app.start();
	const log = new LogPage(page);
	const storage = await StorageDialog.open(log);
	if (app.hostKind !== 'web') {
		await app.desktop.willPress('Use it');
	}
	await storage.paste(`jsonl:${path}`);
	await storage.button('Use for the table').click();
	await expect(storage.used('large.jsonl')).toContainText('12,000 entries');
	await page.keyboard.press('Escape');
	await log.shows('10,000 matched over the newest 10,000', '12,000 stored');
	await expect(page.getByRole('region', { name: 'Histogram' })).toContainText(
		'10,000 of 12,000 entries over the newest 10,000',
	);
	await expect(page.getByText('Counted over the newest 10,000.')).toBeVisible();
	await log.run('Highlight');
	await page.getByRole('textbox', { name: 'Highlight' }).fill('"entry 11999"');
	await expect(page.getByText('1 found over the newest 10,000')).toBeVisible();
	await page.keyboard.press('Escape');

	const dialog = new ExportDialog(app, log);
	await dialog.open();
	await expect(dialog.plan).toContainText('At least 10,000 entries, all there are');
	await expect(dialog.plan).toContainText(
		'They were counted over the newest 10,000; all that match are written, however old.',
	);
	const lines = await dialog.lines();
	expect([lines.length, lines[0], lines.at(-1)]).toEqual([
		12_000,
		expect.stringContaining('entry 1"'),
		expect.stringContaining('entry 12000"'),
	]);
});

test('mirrors receive everything, and are removed @page', async ({ app }) => {
	const path = writeEntries(join(app.folder, 'a.jsonl'), 5);
	const log = new LogPage(await app.start(path));
	await log.says('5 stored');
	const storage = await StorageDialog.open(log);
	const copy = join(app.folder, 'copy.log');
	await storage.paste(`rotating:${copy}?max_bytes=5000`);
	await expect(storage.kind('Rotating files')).toBeChecked();
	await expect(storage.field('Bytes in a file')).toHaveValue('5000');
	await storage.button('Add as mirror').click();
	await expect(storage.used('copy.log')).toContainText('mirror');
	await expect(storage.used('copy.log')).toContainText('Nothing was sent to it since.');
	await expect(storage.used('SQLite')).toContainText('in the table');
	await storage.button('Add as mirror').click();
	await expect(storage.dialog.getByText('is in use already.')).toBeVisible();
	appendFileSync(path, `${line({ message: 'for both' })}\n`);
	await expect.poll(() => existsSync(copy) && readFileSync(copy, 'utf8')).toContain('for both');
	await expect(storage.used('copy.log')).toContainText('It works.');
	await storage.button('Remove copy.log').click();
	await expect(storage.used('copy.log')).toBeHidden();
	await log.page.keyboard.press('Escape');
	await log.shows('6 stored');
});

test('a storage is tested before it is used, and says what to do', async ({ app }) => {
	const log = new LogPage(await app.start(writeEntries(join(app.folder, 'a.jsonl'), 3)));
	await log.says('3 stored');
	const storage = await StorageDialog.open(log);
	for (const [address, sentence] of [
		['mysql://h/db', 'mysql://h/db: expected sqlite, memory, jsonl:PATH'],
		['redis://h/x', 'The database of Redis is a number'],
		[`postgres://u:${SECRET}@${NOBODY}/db`, '127.0.0.1'],
		[`redis://:${SECRET}@${NOBODY}/0`, '127.0.0.1'],
	] as const) {
		await storage.paste(address);
		await storage.button('Test connection').click();
		await expect(storage.refused.filter({ hasText: sentence })).toBeVisible();
		await expect(storage.dialog.getByText(SECRET)).toBeHidden();
	}
	await storage.choose('Memory');
	await storage.button('Test connection').click();
	await expect(storage.passed).toContainText('Memory is there');
	await expect(storage.dialog.getByText('Kept in memory alone.')).toBeVisible();
	await log.page.keyboard.press('Escape');
	await log.shows('3 stored');
});

test('a module runs only if the user allows it outside of the page', async ({ app }) => {
	const mark = join(app.folder, 'it-ran');
	const path = join(app.folder, 'own.mjs');
	writeFileSync(path, `import { writeFileSync } from 'node:fs'; writeFileSync('${mark}', '');`);
	const log = new LogPage(await app.start());
	const storage = await StorageDialog.open(log);
	await storage.choose('Own module');
	await storage.field('Module').fill(path);
	await storage.button('Test connection').click();
	const refusal = app.hostKind === 'web' ? 'start with --storage' : 'you have not confirmed it';
	await expect(storage.dialog.getByText(refusal)).toBeVisible();
	await storage.button('Use for the table').click();
	await expect(storage.dialog.getByText(refusal)).toBeVisible();
	expect(existsSync(mark)).toBe(false);
	if (app.hostKind !== 'web') {
		expect(await app.desktop.messageBoxes()).toContain(`Run the module ${path}?`);
		await app.desktop.willPress('Run it');
		await storage.button('Test connection').click();
		await expect.poll(() => existsSync(mark)).toBe(true);
	}
});

test('a storage that is away says so, and the rest of the app goes on @page', async ({ app }) => {
	const path = writeEntries(join(app.folder, 'a.jsonl'), 3);
	const page = await app.start(path);
	const log = new LogPage(page);
	await log.says('3 stored');
	const storage = await StorageDialog.open(log);
	await storage.paste(`redis://${NOBODY}/0`);
	await storage.button('Use for the table').click();
	await expect(storage.used('Redis')).toContainText('in the table');
	await expect(storage.used('Redis').locator('p.failed')).toContainText('127.0.0.1');
	await page.keyboard.press('Escape');
	await expect(page.getByRole('heading', { name: /No entries from Redis/ })).toBeVisible();
	await expect(page.getByRole('alert').filter({ hasText: '127.0.0.1' }).first()).toBeVisible();
	await page.getByRole('alert').getByRole('button', { name: 'Storage…' }).click();
	await storage.button('Show SQLite again').click();
	await page.keyboard.press('Escape');
	await log.shows('3 stored');
	await expect(page.getByRole('alert').getByRole('button', { name: 'Storage…' })).toBeHidden();
});

test('settings lead to storages, and keep what is typed in them @page', async ({ app }) => {
	const page = await app.start(writeLog(join(app.folder, 'a.jsonl'), [line()]));
	const log = new LogPage(page);
	await log.shows('1 stored');
	await log.button('Settings').click();
	const settings = page.getByRole('dialog', { name: 'Settings' });
	await settings.getByRole('textbox', { name: 'Age' }).fill('12');
	await settings.getByRole('button', { name: 'Choose storage…' }).click();
	const storage = new StorageDialog(log);
	await expect(storage.used('SQLite')).toBeVisible();
	const bound = storage.field('Keep for a storage that is away');
	await expect(bound).toHaveValue('2');
	await bound.fill('lots');
	await bound.press('Enter');
	await expect(storage.dialog.getByText('Type a number of GB')).toBeVisible();
	await bound.fill('0.5');
	await storage.button('Set').click();
	await expect(storage.dialog.getByText('It is so from now on.')).toBeVisible();
	await expect
		.poll(() => JSON.parse(readFileSync(join(app.dataFolder, 'settings.json'), 'utf8')))
		.toMatchObject({ settings: { storage: { spool_bytes: 512 * 1_024 ** 2 } } });
	await page.keyboard.press('Escape');
	await expect(storage.dialog).toBeHidden();
	await expect(settings.getByRole('textbox', { name: 'Age' })).toHaveValue('12');
	await expect(settings.getByRole('button', { name: 'Choose storage…' })).toBeFocused();
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: /^SQLite/ }).click();
	await expect(storage.dialog).toBeVisible();
});

test('axe finds nothing serious in the storages @page', async ({ app }) => {
	const page = await app.start(writeEntries(join(app.folder, 'a.jsonl'), 3));
	const log = new LogPage(page);
	await log.says('3 stored');
	const storage = await StorageDialog.open(log);
	await storage.paste(`redis://${NOBODY}/0`);
	await storage.button('Add as mirror').click();
	await expect(storage.used('Redis').locator('p.failed')).toBeVisible();
	for (const [width, height] of [
		[1_360, 860],
		[900, 600],
	] as const) {
		await page.setViewportSize({ width, height });
		await storage.paste(`postgres://u:x@${NOBODY}/db`);
		await storage.field('Port').fill('x');
		await storage.button('Test connection').click();
		await expect(storage.dialog.getByText('Type a whole number')).toBeVisible();
		expect(await seriousFindings(page)).toEqual([]);
		await storage.choose('Memory');
		await storage.button('Test connection').click();
		await expect(storage.passed).toBeVisible();
		expect(await seriousFindings(page)).toEqual([]);
	}
	await page.keyboard.press('Escape');
	await expect(log.button('a mirror fails')).toBeVisible();
	expect(await seriousFindings(page)).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test as base } from './fixtures.ts';
import { ExportDialog } from './pages/export-dialog.ts';
import { line, writeLog, writeNoise } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';
import { seriousFindings } from './pages/serious-findings.ts';

const LINES = Array.from({ length: 300 }, (_, index) =>
	line({
		ts: `2026-11-22 10:00:00.${String(index).padStart(6, '0')}+00:00`,
		level: index % 3 === 0 ? 'ERROR' : 'INFO',
		message: index === 299 ? '=HYPERLINK("x"), said, "so"' : `entry ${index + 1}`,
		task_id: 'sync',
		extra: { status: 200 + index },
	}),
);
const PATH = 'scheduler.jsonl';

/** A log of 300 entries that is open, and the dialog that exports them. */
const test = base.extend<{ readonly log: LogPage; readonly dialog: ExportDialog }>({
	log: async ({ app, context }, use) => {
		if (app.hostKind !== 'electron') {
			await context.grantPermissions(['clipboard-read', 'clipboard-write']);
		}
		const log = new LogPage(await app.start(writeLog(join(app.folder, PATH), LINES)));
		await log.shows('300 stored', '300 matched');
		await log.page.getByRole('combobox', { name: 'Time' }).selectOption('UTC');
		await use(log);
	},
	dialog: async ({ app, log }, use) => use(new ExportDialog(app, log)),
});

test('what a query selects is exported as records, and said before', async ({
	app,
	log,
	dialog,
}) => {
	await log.ask('level:error status>=290');
	await log.says('70 matched');
	await dialog.open();
	await expect(dialog.plan).toContainText(
		'70 entries: those that match level:error status>=290; as they came, the oldest first; JSONL',
	);
	const { bytes, name } = await dialog.run();
	const expected = LINES.filter((_, index) => index >= 90 && index % 3 === 0);
	expect(bytes.toString('utf8')).toBe(expected.map((text) => `${text}\n`).join(''));
	expect(name).toBe(app.hostKind === 'web' ? 'scheduler-export.jsonl' : '');
});

test('original lines are the bytes of the log, and gzip packs them', async ({
	app,
	log,
	dialog,
}) => {
	const path = join(app.folder, PATH);
	await log.button('Export').click();
	await dialog.choose('Original lines');
	expect((await dialog.run()).bytes.equals(readFileSync(path))).toBe(true);
	await dialog.open();
	await expect(dialog.dialog.getByRole('radio', { name: 'Original lines' })).toBeChecked();
	await dialog.dialog.getByRole('checkbox', { name: 'Compress with gzip' }).check();
	await expect(dialog.plan).toContainText('compressed with gzip');
	await expect(dialog.plan).toContainText('scheduler-export.jsonl.gz');
	expect(gunzipSync((await dialog.run()).bytes).equals(readFileSync(path))).toBe(true);
});

test('CSV has the columns of the table, and any field', async ({ log, dialog }) => {
	await log.run('Export entries');
	await dialog.choose('CSV');
	const columns = dialog.dialog.getByRole('list', { name: 'Columns of the file' });
	await expect(columns.getByRole('listitem')).toHaveText([
		'Time',
		'Level',
		'Task',
		'Logger',
		'Message',
	]);
	await dialog.button('Remove Logger').click();
	const name = dialog.dialog.getByRole('combobox', { name: 'Column or field' });
	await expect(name).toBeFocused();
	await name.fill('Level');
	await name.press('Enter');
	await expect(dialog.result).toHaveText('Level is there already.');
	await name.fill('status');
	await dialog.button('Add column').click();
	await dialog.button('Move status to the left').click();
	await expect(columns.getByRole('listitem')).toHaveText([
		'Time',
		'Level',
		'Task',
		'status',
		'Message',
	]);
	await expect(dialog.plan).toContainText(
		'CSV, with Time, Level, Task, status, Message, times in UTC with microseconds',
	);
	await dialog.dialog.getByRole('combobox', { name: 'First' }).selectOption('The newest');
	const { bytes } = await dialog.run();
	const rows = bytes.toString('utf8').split('\r\n');
	expect([rows.length, ...rows.slice(0, 3), rows.at(-2), rows.at(-1)]).toEqual([
		302,
		'ts,level,task_id,status,message',
		`2026-11-22 10:00:00.000299+00:00,INFO,sync,499,"'=HYPERLINK(""x""), said, ""so"""`,
		'2026-11-22 10:00:00.000298+00:00,INFO,sync,498,entry 299',
		'2026-11-22 10:00:00.000000+00:00,ERROR,sync,200,entry 1',
		'',
	]);
});

test('the rows of the table are exported as text @page', async ({ log, dialog }) => {
	await dialog.open();
	await dialog.choose(/^The rows of the table 200 entries/);
	await dialog.choose('Plain text');
	await expect(dialog.plan).toContainText('200 entries: the newest of them');
	const lines = await dialog.lines();
	expect(lines).toHaveLength(200);
	expect(lines[0]).toContain('entry 101');
	expect(lines.at(-1)).toContain('=HYPERLINK("x"), said, "so"');
	await log.says('200 shown');
});

test('chosen and marked rows are exported by themselves @page', async ({ log, dialog }) => {
	await dialog.open();
	await expect(dialog.dialog.getByRole('radio', { name: 'Marked rows none' })).toBeDisabled();
	await log.page.keyboard.press('Escape');
	await log.grid.focus();
	await log.grid.press('ArrowDown');
	await log.grid.press('Shift+ArrowDown');
	await log.page
		.getByRole('toolbar', { name: 'Chosen rows' })
		.getByRole('button', { name: 'Export…' })
		.click();
	await expect(dialog.dialog.getByRole('radio', { name: 'Chosen rows 2 entries' })).toBeChecked();
	expect(await dialog.lines()).toEqual(LINES.slice(-2));

	await log.grid.focus();
	await log.grid.press('Escape');
	await log.grid.press('m');
	await log.grid.press('ArrowDown');
	await log.grid.press('ArrowDown');
	await log.grid.press('m');
	await log.ask('level:critical');
	await log.says('0 matched');
	await dialog.open();
	await dialog.choose('Marked rows 2 entries');
	await expect(dialog.plan).toContainText('2 entries: all that are marked');
	expect(await dialog.lines()).toHaveLength(2);
});

test('the lines of chosen rows are copied as they stand in the log', async ({ log }) => {
	await log.grid.focus();
	await log.grid.press('ArrowDown');
	await log.grid.press('Shift+ArrowDown');
	await log.button('Copy lines').click();
	await expect(log.page.getByText('Copied 2 rows.').first()).toBeVisible();
	const copied = await log.page.evaluate(() => navigator.clipboard.readText());
	expect(copied).toBe(LINES.slice(-2).toReversed().join('\n'));
});

base('an export goes on in the background, and is cancelled in the middle', async ({ app }) => {
	const log = new LogPage(await app.start(writeNoise(join(app.folder, 'large.jsonl'), 30_000)));
	await expect(log.status).toContainText('30,000 matched', { timeout: 40_000 });
	const dialog = new ExportDialog(app, log);
	const path = join(app.folder, 'cancelled');
	await dialog.open();
	await dialog.choose('Plain text');
	await dialog.dialog.getByRole('checkbox', { name: 'Compress with gzip' }).check();
	const download = app.hostKind === 'web' ? log.page.waitForEvent('download') : undefined;
	await dialog.begin(path);
	await expect(dialog.progress).toHaveAttribute('aria-valuenow', /^[1-9]/);
	await expect(dialog.dialog).toContainText(/[\d,]+ entries · [\d.]+ [KM]B · \d+ %/);
	await dialog.button('Go on in the background').click();
	const status = log.page.getByRole('group', { name: 'Exports' });
	await expect(status).toContainText('Exporting large-export.txt.gz');
	await status.getByRole('button', { name: 'Cancel export of large-export.txt.gz' }).click();
	await expect(
		log.page.getByText('The export of large-export.txt.gz was cancelled.'),
	).toBeVisible();
	await expect(status).toBeHidden();
	expect(await (await download)?.failure()).not.toBeNull();
	await expect.poll(() => readdirSync(app.folder)).toEqual(['large.jsonl']);
});

test('axe finds nothing serious in an export @page', async ({ log, dialog }) => {
	const { page } = log;
	for (const size of [
		{ width: 1_360, height: 860 },
		{ width: 900, height: 600 },
	]) {
		await page.setViewportSize(size);
		await dialog.open();
		await dialog.choose('CSV');
		await dialog.button('Add column').click();
		await expect(dialog.result).toHaveText('Type the name of a column or field.');
		expect(await seriousFindings(page)).toEqual([]);
		await dialog.begin('');
		await expect(dialog.result).toContainText('Exported');
		await expect(dialog.button('Done')).toBeFocused();
		expect(await seriousFindings(page)).toEqual([]);
		await dialog.button('Done').click();
	}
});

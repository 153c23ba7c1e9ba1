import { appendFileSync, mkdirSync, renameSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { line, LogWriter, writeEntries, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';
import { SidePanel } from './pages/side-panel.ts';

const TRACEBACK = [
	'Traceback (most recent call last):',
	'  File "billing/sync.py", line 88, in sync_invoices',
	'    response = await client.get(url, timeout=10)',
	'httpx.ReadTimeout: timeout after 10 s',
];
const BROKEN = '{"ts": "2026-11-22 10:28:41.902113+00:00", "level": "ERROR", "mess';

test('the account of a source adds up, byte by byte and line by line', async ({ app }) => {
	const path = writeLog(join(app.folder, 'a.jsonl'), [
		line({ message: 'first' }),
		line({ level: 'ERROR', message: 'raised' }),
		...TRACEBACK,
		BROKEN,
		line({ message: 'last' }),
	]);
	const read = statSync(path).size;
	const half = line({ message: 'in two pieces' });
	appendFileSync(path, half.slice(0, 40));
	const log = new LogPage(await app.start(path));
	await log.says('4 stored · 0 dropped');
	const panel = await log.about('a.jsonl');
	await expect(panel.dialog).toContainText('following');
	await expect(panel.dialog).toContainText('AsyncZ');
	await panel.accountsFor({
		'read and stored': read,
		'waiting for the rest of a line': 40,
		'still to read': 0,
		'in the files': read + 40,
		'lines read': 8,
		entries: 3,
		'quarantined: shown as text': 1,
		'joined to the entry before, as a traceback': 4,
		dropped: 0,
	});
	await expect(panel.logs).toHaveCount(1);
	await expect(panel.logs).toContainText(['a.jsonl']);
	// While it is open it goes on with the log.
	appendFileSync(path, `${half.slice(40)}\n`);
	await panel.accountsFor({ 'waiting for the rest of a line': 0, 'lines read': 9, entries: 4 });
	await expect(panel.logs.getByRole('cell').last()).toHaveText('4');
});

test('quarantined lines are a filter, marked, and say why @page', async ({ app }) => {
	const lines = [line({ message: 'first' }), BROKEN, line({ message: 'last' })];
	const page = await app.start(writeLog(join(app.folder, 'a.jsonl'), lines));
	const log = new LogPage(page);
	await log.says('3 stored');
	await expect(log.row(BROKEN).getByRole('img', { name: 'Quarantined:' })).toBeVisible();
	await log.button('1 quarantined').click();
	await log.says('1 matched');
	await expect(log.chip('Quarantined')).toBeVisible();
	await log.rowAt(1).click();
	await expect(log.details).toContainText(/Quarantined: ./);
	await expect(log.details.getByTitle(join(app.folder, 'a.jsonl')).last()).toBeVisible();
	await expect(log.details).toContainText(`byte ${(lines[0] ?? '').length + 1}`);

	await log.search.fill('nothing like that');
	await expect(page.getByRole('listitem').filter({ hasText: 'without Quarantined' })).toBeVisible();
	await log.search.fill('mess');
	await log.says('1 matched');
	await page.reload();
	await log.says('1 matched');
	await log.chip('Quarantined').click();
	await expect(log.chip('Quarantined')).toBeHidden();
	await expect(log.grid).toBeFocused();
	await log.button('1 quarantined').click();
	await log.button('Reset').click();
	await expect(log.chip('Quarantined')).toBeHidden();
	await log.says('3 matched');
});

test('a source and its quarantined lines are shown alone from its panel @page', async ({ app }) => {
	const first = writeLog(join(app.folder, 'first.jsonl'), [line({ message: 'one' }), BROKEN]);
	const second = writeLog(join(app.folder, 'second.jsonl'), [line({ message: 'two' }), BROKEN]);
	const log = new LogPage(await app.start(first, second));
	await log.says('4 matched');
	await (await log.about('first.jsonl')).button('Show only this source').click();
	await log.says('2 matched');
	await expect(log.chip('Source: first.jsonl')).toBeVisible();
	await (await log.about('first.jsonl')).button('Show quarantined (1)').click();
	await log.says('1 matched');
	await log.chip('Source: first.jsonl').click();
	await log.says('2 matched');
});

test('every log of a folder is followed, also those that appear later', async ({ app }) => {
	const folder = join(app.folder, 'jobs');
	mkdirSync(folder);
	writeLog(join(folder, 'a.jsonl'), [line({ message: 'from a' })]);
	writeLog(join(folder, 'b.jsonl'), [line({ message: 'from b' })]);
	const log = new LogPage(await app.start());
	await app.openPath(folder);
	await log.says('2 stored');
	const panel = await log.about('jobs');
	await expect(panel.dialog).toContainText('folder: every log in it');
	await expect(panel.logs).toHaveCount(2);
	writeLog(join(folder, 'c.jsonl'), [line({ message: 'from c' })]);
	await expect(panel.logs).toHaveCount(3);
	await panel.accountsFor({ entries: 3, dropped: 0 });
	await log.page.keyboard.press('Escape');
	await log.showsFirst('from c');
	await log.rowAt(1).click();
	await expect(log.details.getByTitle(join(folder, 'c.jsonl'))).toBeVisible();
});

test('a pattern follows what it matches, and nothing else @page', async ({ app }) => {
	writeLog(join(app.folder, 'job-1.jsonl'), [line({ message: 'one' })]);
	writeLog(join(app.folder, 'other.jsonl'), [line({ message: 'other' })]);
	const log = new LogPage(await app.start());
	await app.openPath(join(app.folder, 'job-*.jsonl'));
	await log.says('1 stored');
	writeLog(join(app.folder, 'job-2.jsonl'), [line({ message: 'two' })]);
	await log.says('2 stored');
	const panel = await log.about('job-*.jsonl');
	await expect(panel.dialog).toContainText('pattern: every log it matches');
	await expect(panel.logs).toHaveCount(2);
	await panel.button('Close source').click();
	await log.says('0 stored');
	await log.page.getByTitle(`Open ${join(app.folder, 'job-*.jsonl')}`).click();
	await log.says('2 stored');
});

test('a log that is gone can be looked for again, or followed where it is now @page', async ({
	app,
}) => {
	const path = writeLog(join(app.folder, 'a.jsonl'), [line({ message: 'first' })]);
	const log = new LogPage(await app.start(path));
	await log.says('1 stored');
	const moved = join(app.folder, 'moved.jsonl');
	renameSync(path, moved);
	await log.button('Retry a.jsonl').click();
	await expect(log.page.getByText(`${path} is gone.`)).toBeVisible();
	await expect(log.page.getByText('Tried every 5 s.')).toBeVisible();
	await log.button('Edit a.jsonl').click();
	const dialog = log.page.getByRole('dialog', { name: 'Edit a.jsonl' });
	const field = dialog.getByRole('combobox', { name: 'File, folder or pattern' });
	await expect(field).toHaveValue(path);
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(dialog.getByRole('alert')).toContainText(`There is no file ${path}.`);
	await field.fill(moved);
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(log.button('About moved.jsonl')).toBeVisible();
	appendFileSync(moved, `${line({ message: 'second' })}\n`);
	await log.showsFirst('second');
	await log.says('2 stored');
	await expect(log.button('Retry moved.jsonl')).toBeHidden();
	const status = log.page.getByRole('contentinfo');
	// What is written once it is followed is timed, not what was there when it was found.
	await expect(async () => {
		appendFileSync(moved, `${line({ message: 'timed' })}\n`);
		await expect(status).toContainText(/lag \d/, { timeout: 1_000 });
	}).toPass();
	await expect(status).toContainText(/mem \d+ \+ \d+ MB/);
});

test('folders and patterns are taken from the command line', async ({ app }) => {
	mkdirSync(join(app.folder, 'jobs'));
	writeLog(join(app.folder, 'jobs', 'a.jsonl'), [line({ message: 'one' })]);
	writeLog(join(app.folder, 'b.log'), [line({ message: 'two' })]);
	const log = new LogPage(await app.start('jobs', '*.log'));
	await log.says('2 stored');
	await expect(log.button('About jobs')).toBeVisible();
	await expect(log.button('About *.log')).toBeVisible();
});

test('a log that is rotated while one looks on keeps every row', async ({ app }) => {
	const path = writeEntries(join(app.folder, 'a.jsonl'), 100);
	const log = new LogPage(await app.start(path));
	await log.says('100 stored');
	const writer = new LogWriter(path);
	try {
		for (let round = 1; round <= 5; round++) {
			const messages = Array.from({ length: 20 }, (_, index) => `round ${round}, ${index + 1}`);
			writer.write(...messages.map((message) => line({ message })));
			await log.says(`${100 + round * 20} stored`);
			for (let number = round; number > 1; number--) {
				renameSync(`${path}.${number - 1}`, `${path}.${number}`);
			}
			renameSync(path, `${path}.1`);
		}
		writer.write(line({ message: 'the end' }));
		await log.showsFirst('the end');
	} finally {
		writer.end();
	}
	await log.says('201 stored · 0 dropped');
	await log.search.fill('round 3');
	await log.says('20 matched');
	await (await log.about('a.jsonl')).accountsFor({ entries: 201, dropped: 0 });
	await expect(log.page.getByRole('button', { name: /gap/ })).toBeHidden();
});

test('what was destroyed before it could be read is a gap in the table @page', async ({ app }) => {
	const path = writeEntries(join(app.folder, 'a.jsonl'), 50);
	await new LogPage(await app.start(path)).says('50 stored');
	await app.stop();
	appendFileSync(path, `${line({ message: 'nobody ever reads this' })}\n`);
	truncateSync(path);
	appendFileSync(path, `${line({ message: 'afresh' })}\n`);
	const log = new LogPage(await app.start());
	await expect(log.row('afresh')).toBeVisible();
	const gap = log.rows.filter({ has: log.page.getByRole('img', { name: 'Gap:' }) });
	await expect(gap).toHaveCount(1);
	await gap.click();
	await expect(log.details.getByRole('group', { name: 'Message' })).toContainText('a.jsonl');
	await expect(log.details).toContainText('No line of the log');
	await expect(log.details.getByRole('group', { name: 'Raw line' })).toBeHidden();
	await log.button('1 gap').click();
	const panel = log.page.getByRole('dialog', { name: 'a.jsonl', exact: true });
	await expect(panel).toContainText('1 gap: log text was destroyed');
	await expect(panel.getByText('adds up', { exact: true })).toHaveCount(2);
});

test('two sources of one name are told apart, also by the query', async ({ app }) => {
	const paths = ['one', 'two'].map((folder) => {
		mkdirSync(join(app.folder, folder));
		return writeEntries(join(app.folder, folder, 'app.jsonl'), folder === 'one' ? 3 : 5);
	});
	const log = new LogPage(await app.start(...paths));
	await log.shows('8 matched');
	const panel = new SidePanel(log.page);
	await panel.lists('Source', ['two/app.jsonl, 5 entries', 'app.jsonl, 3 entries']);
	await panel.value('Source', 'two/app.jsonl').click();
	await log.says('5 matched');
	await log.ask('source:app.jsonl');
	await log.says('3 matched');
	await log.ask('source:*app.jsonl');
	await log.says('8 matched');
});

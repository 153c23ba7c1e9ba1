import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, LogWriter, writeEntries } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

/** A log of 1,000 entries that is open, and another process that goes on writing it. */
const test = base.extend<{ readonly log: LogPage; readonly writer: LogWriter }>({
	log: async ({ app }, use) => {
		const log = new LogPage(await app.start(writeEntries(join(app.folder, 'a.jsonl'), 1_000)));
		await log.says('200 shown', '1,000 stored');
		await use(log);
	},
	writer: async ({ app }, use) => {
		const writer = new LogWriter(join(app.folder, 'a.jsonl'));
		await use(writer);
		writer.end();
	},
});

test('new entries appear at the top', async ({ log, writer }) => {
	writer.write(line({ message: 'news' }));
	await log.showsFirst('news');
	await log.says('200 shown', '1,001 matched', '1,001 stored');
	for (let index = 1; index <= 20; index++) {
		writer.write(line({ message: `more ${index}` }));
	}
	await log.showsFirst('more 20');
	await expect(log.pill).toBeHidden();
});

test('away from the top, rows stay where they are and a pill counts', async ({ log, writer }) => {
	await log.scrollRows(40);
	await log.showsFirst('entry 960');
	const before = await log.visibleMessages();
	writer.write(
		...Array.from({ length: 35 }, (_, index) => line({ message: `news ${index + 1}` })),
		line({ level: 'ERROR', message: 'oh' }),
		line({ level: 'CRITICAL', message: 'no' }),
	);
	await expect(log.pill).toHaveText(/37 new\s*·\s*2 errors/);
	expect(await log.visibleMessages()).toEqual(before);
	await log.pill.click();
	await log.showsFirst('no');
	await expect(log.pill).toBeHidden();
	await log.says('200 shown');
});

test('the reader comes back to the edge by scrolling, f, or Home @page', async ({
	log,
	writer,
}) => {
	for (const back of ['scroll', 'f', 'Home']) {
		await log.scrollRows(30);
		writer.write(line({ message: `before ${back}` }));
		await expect(log.pill).toHaveText('1 new');
		await (back === 'scroll' ? log.scrollRows(-500) : log.grid.press(back));
		await log.showsFirst(`before ${back}`);
		writer.write(line({ message: `after ${back}` }));
		await log.showsFirst(`after ${back}`);
	}
});

test('a paused table stands still while entries are stored @page', async ({ log, writer }) => {
	await log.button('Pause').click();
	await expect(log.refresh).toHaveValue('paused');
	writer.write(line({ message: 'news' }), line({ level: 'ERROR', message: 'bad news' }));
	await log.says('1,002 stored', '1,000 matched');
	await expect(log.pill).toHaveText(/2 new\s*·\s*1 error/);
	await log.showsFirst('entry 1000');
	await log.search.fill('entry 99');
	await log.says('11 matched');
	await log.search.fill('news');
	await log.says('0 matched');
	await log.search.fill('');
	await log.button('Resume').click();
	await log.showsFirst('bad news');
	await expect(log.refresh).toHaveValue('live');
});

test('filter and place survive every refresh @page', async ({ log, writer }) => {
	await log.search.fill('entry');
	// The filter is at work: it begins at the newest entry, whatever was scrolled before.
	await expect(log.rowAt(1).locator('mark')).toBeVisible();
	await log.refresh.selectOption('every 1 s');
	await log.scrollRows(40);
	const before = await log.visibleMessages();
	writer.write(line({ message: 'another' }), line({ message: 'entry new' }));
	await expect(log.pill).toHaveText('1 new');
	writer.write(line({ message: 'entry newer' }));
	await expect(log.pill).toHaveText('2 new');
	expect(await log.visibleMessages()).toEqual(before);
	await expect(log.search).toHaveValue('entry');
	await log.pill.click();
	await log.showsFirst('entry newer');
	expect((await log.visibleMessages()).slice(0, 3)).toEqual([
		'entry newer',
		'entry new',
		'entry 1000',
	]);
});

test('only what matches the filter comes @page', async ({ log, writer }) => {
	await log.level.selectOption('WARNING and above');
	await log.says('0 matched');
	writer.write(line({ message: 'quiet' }), line({ level: 'WARNING', message: 'loud' }));
	await log.showsFirst('loud');
	await log.says('1 shown', '1 matched', '1,002 stored');
});

test('a file that was cut is followed from its beginning @page', async ({ app, log, writer }) => {
	truncateSync(join(app.folder, 'a.jsonl'));
	writer.write(line({ message: 'afresh' }));
	await log.showsFirst('afresh');
	await log.says('1,001 stored');
});

test('half a line waits for its end @page', async ({ app, log }) => {
	const half = line({ message: 'in two pieces' });
	const writer = new LogWriter(join(app.folder, 'a.jsonl'));
	try {
		writer.writeRaw(half.slice(0, 40));
		writer.writeRaw(half.slice(40));
		writer.writeRaw('\n');
		await log.showsFirst('in two pieces');
		await log.says('1,001 stored');
	} finally {
		writer.end();
	}
});

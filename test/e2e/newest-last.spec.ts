import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, LogWriter, writeEntries } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

/** An entry of this second of a minute. */
function at(second: number, message: string): string {
	return line({ ts: `2026-11-22 10:19:0${second}.000000+00:00`, message });
}

/** A log of 1,000 entries, its newest at the bottom of the table, that another process goes on writing. */
const test = base.extend<{ readonly log: LogPage; readonly writer: LogWriter }>({
	log: async ({ app }, use) => {
		const log = new LogPage(await app.start(writeEntries(join(app.folder, 'a.jsonl'), 1_000)));
		await log.shows('200 shown', '1,000 stored');
		await log.run('Newest entries at the top, or at the bottom');
		await log.showsLast('entry 1000');
		await use(log);
	},
	writer: async ({ app }, use) => {
		const writer = new LogWriter(join(app.folder, 'a.jsonl'));
		await use(writer);
		writer.end();
	},
});

test('new entries appear at the bottom, and the choice is kept', async ({ app, log, writer }) => {
	await expect(log.rowAt(200)).toContainText('entry 1000');
	expect(await log.grid.getAttribute('aria-rowcount')).toBe('201');
	for (let index = 1; index <= 20; index++) {
		writer.write(line({ message: `news ${index}` }));
	}
	await log.showsLast('news 20');
	const shown = await log.visibleMessages();
	expect(shown.slice(-22)).toEqual([
		'entry 999',
		'entry 1000',
		...Array.from({ length: 20 }, (_, index) => `news ${index + 1}`),
	]);
	await expect(log.pill).toBeHidden();
	const again = new LogPage(await app.restart());
	await again.says('200 shown', '1,020 stored');
	await again.showsLast('news 20');
	await again.button('Settings').click();
	await again.page.getByRole('combobox', { name: 'Newest entries' }).selectOption('At the top');
	await again.button('Save').click();
	await again.showsFirst('news 20');
});

test('away from the bottom, rows stay where they are and a pill counts @page', async ({
	log,
	writer,
}) => {
	await log.scrollRows(-40);
	await log.showsLast('entry 960');
	const before = await log.visibleMessages();
	writer.write(
		...Array.from({ length: 35 }, (_, index) => line({ message: `news ${index + 1}` })),
		line({ level: 'ERROR', message: 'oh' }),
	);
	await expect(log.pill).toHaveText(/36 new\s*·\s*1 error/);
	expect(await log.visibleMessages()).toEqual(before);
	const pill = await log.pill.boundingBox();
	const grid = await log.grid.boundingBox();
	expect(pill?.y).toBeGreaterThan((grid?.y ?? 0) + (grid?.height ?? 0) / 2);
	await log.pill.click();
	await log.showsLast('oh');
	await expect(log.pill).toBeHidden();
	await log.says('200 shown');
});

test('the reader comes back to the edge by wheel, scroll bar, f, or End @page', async ({
	log,
	writer,
}) => {
	for (const back of ['wheel', 'scroll bar', 'f', 'End']) {
		await log.scrollRows(-30);
		writer.write(line({ message: `before ${back}` }));
		await expect(log.pill).toHaveText('1 new');
		if (back === 'wheel') {
			await log.scrollRows(500);
		} else if (back === 'scroll bar') {
			await log.scrollTo(1);
		} else {
			await log.grid.press(back);
		}
		await log.showsLast(`before ${back}`);
		writer.write(line({ message: `after ${back}` }));
		await log.showsLast(`after ${back}`);
	}
});

test('the scroll bar goes to the newest of a million rows, and back @page', async ({ app }) => {
	test.slow();
	const log = new LogPage(await app.start(writeEntries(join(app.folder, 'a.jsonl'), 1_000_000)));
	await log.shows('200 shown');
	await log.limit.selectOption('All');
	await expect(log.status).toContainText('1,000,000 shown', { timeout: 50_000 });
	await log.run('Newest entries at the top, or at the bottom');
	await log.showsLast('entry 1000000');
	await expect(log.rowAt(1_000_000)).toContainText('entry 1000000');
	await log.scrollTo(0);
	await log.showsFirst('entry 1');
	await expect(log.rowAt(1)).toContainText('entry 1');
	await log.scrollRows(7);
	await log.showsFirst('entry 8');
	await log.scrollTo(0.5);
	await log.showsFirst(/^entry (49|50)\d{4}$/);
	await log.scrollTo(1);
	await log.showsLast('entry 1000000');
});

test('keys go where they point: rows, screens, ends, and choosing @page', async ({ log }) => {
	const current = log.grid.locator('[aria-selected="true"]');
	await log.grid.press('ArrowUp');
	await expect(current).toContainText('entry 1000');
	await log.grid.press('k');
	await expect(current).toContainText('entry 999');
	await log.grid.press('ArrowDown');
	await expect(current).toContainText('entry 1000');
	await log.grid.press('Home');
	await expect(log.rowAt(1)).toContainText('entry 801');
	await expect(current).toContainText('entry 801');
	await log.grid.press('PageDown');
	await log.grid.press('PageUp');
	await expect(current).toContainText('entry 801');
	await log.grid.press('Shift+ArrowDown');
	await log.grid.press('Shift+ArrowDown');
	await expect(log.page.getByText('3 rows chosen').first()).toBeVisible();
	expect(await current.allTextContents()).toHaveLength(3);
	for (const [index, entry] of ['entry 801', 'entry 802', 'entry 803'].entries()) {
		await expect(log.rowAt(index + 1)).toContainText(entry);
		await expect(log.rowAt(index + 1)).toHaveAttribute('aria-selected', 'true');
	}
	await log.grid.press('G');
	await log.showsLast('entry 1000');
	await expect(current).toContainText('entry 1000');
});

test('rows are found, highlighted and gone to @page', async ({ log }) => {
	const { page } = log;
	const current = log.grid.locator('[aria-selected="true"]');
	await page.keyboard.press('Control+f');
	await page.getByRole('textbox', { name: 'Highlight' }).fill('"entry 99"');
	await log.grid.focus();
	await log.grid.press('n');
	await expect(current).toContainText('entry 999');
	await log.grid.press('n');
	await expect(current).toContainText('entry 998');
	await log.grid.press('N');
	await expect(current).toContainText('entry 999');
	// The strip beside the scroll bar: what is newest stands at its bottom.
	await log.limit.selectOption('All');
	await log.says('1,000 shown');
	const strip = page.getByTitle('Highlighted and marked rows: click to go there');
	const box = await strip.boundingBox();
	await strip.click({ position: { x: 3, y: 2 } });
	await log.showsFirst('entry 1');
	await strip.click({ position: { x: 3, y: (box?.height ?? 0) - 2 } });
	await log.showsLast('entry 1000');
	await log.grid.press('v');
	await expect(page.getByRole('region', { name: 'Context' })).toBeVisible();
	await expect(log.row('entry 999')).toBeVisible();
});

test('rows that come late stand where they belong, and rows below stay @page', async ({
	app,
	writer,
}) => {
	const log = new LogPage(await app.start());
	writer.write(at(1, 'one'), at(5, 'five'));
	await app.openPath(join(app.folder, 'a.jsonl'));
	await log.shows('2 stored');
	await log.run('Newest entries at the top, or at the bottom');
	await log.page.getByRole('combobox', { name: 'Order' }).selectOption('By time');
	await expect.poll(() => log.visibleMessages()).toEqual(['one', 'five']);
	writer.write(at(3, 'three'), at(7, 'seven'));
	await expect
		.poll(() => log.visibleMessages())
		.toEqual(['one', '+2.0 s latethree', 'five', 'seven']);
});

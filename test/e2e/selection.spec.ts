import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

const LINES = Array.from({ length: 300 }, (_, index) =>
	line({
		ts: `2026-11-22 10:00:00.${String(index).padStart(6, '0')}+00:00`,
		message: `entry ${index + 1}`,
		task_id: `task|${index + 1}`,
		extra: { big: 18446744073709551615n.toString(), n: index },
	}),
);

/** A log of 300 entries that is open, and a clipboard that can be read. */
const test = base.extend<{ readonly log: LogPage }>({
	log: async ({ app, context }, use) => {
		if (app.hostKind !== 'electron') {
			await context.grantPermissions(['clipboard-read', 'clipboard-write']);
		}
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), LINES)));
		await log.shows('300 stored');
		await log.page.getByRole('combobox', { name: 'Time' }).selectOption('UTC');
		await use(log);
	},
});

function clipboard(log: LogPage): Promise<string> {
	return log.page.evaluate(() => navigator.clipboard.readText());
}

/** The numbers of the rows in view that are chosen. */
function chosen(log: LogPage): Promise<readonly number[]> {
	return log.grid.evaluate((grid) =>
		[...grid.querySelectorAll('[role=row][aria-selected=true]')]
			.map((row) => Number(row.getAttribute('aria-rowindex')) - 1)
			.sort((a, b) => a - b),
	);
}

test('rows are chosen by mouse, one or a stretch or single ones @page', async ({ log }) => {
	const bar = log.page.getByRole('toolbar', { name: 'Chosen rows' });
	await log.rowAt(2).click();
	await expect(log.details).toBeVisible();
	await expect(bar).toBeHidden();
	await log.rowAt(5).click({ modifiers: ['Shift'] });
	await expect.poll(() => chosen(log)).toEqual([2, 3, 4, 5]);
	await expect(bar).toContainText('4 rows chosen');
	await log.rowAt(4).click({ modifiers: ['ControlOrMeta'] });
	await log.rowAt(9).click({ modifiers: ['ControlOrMeta'] });
	await expect.poll(() => chosen(log)).toEqual([2, 3, 5, 9]);
	await expect(log.grid).toHaveAttribute('aria-multiselectable', 'true');
	await log.rowAt(7).click();
	await expect.poll(() => chosen(log)).toEqual([7]);
	await expect(bar).toBeHidden();
});

test('rows are chosen by keyboard, and let go with Esc @page', async ({ log }) => {
	const { page } = log;
	await log.grid.focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Shift+ArrowDown');
	await page.keyboard.press('Shift+ArrowDown');
	await expect.poll(() => chosen(log)).toEqual([1, 2, 3]);
	await page.keyboard.press('Shift+ArrowUp');
	await expect.poll(() => chosen(log)).toEqual([1, 2]);
	await page.keyboard.press('ControlOrMeta+ArrowDown');
	await page.keyboard.press('ControlOrMeta+ArrowDown');
	await page.keyboard.press('Control+Space');
	await expect.poll(() => chosen(log)).toEqual([1, 2, 4]);
	await page.keyboard.press('Escape');
	await expect.poll(() => chosen(log)).toEqual([4]);
	await page.keyboard.press('ControlOrMeta+a');
	await expect(page.getByText('200 rows chosen').first()).toBeVisible();
	await page.keyboard.press('Escape');
	await page.keyboard.press('Escape');
	await expect.poll(() => chosen(log)).toEqual([]);
});

test('chosen rows are copied as text, as Markdown and as JSON', async ({ log }) => {
	const { page } = log;
	await log.rowAt(2).click();
	await log.details.getByRole('button', { name: 'Close details' }).click();
	await log.grid.press('c');
	await expect(page.getByText('Copied the row.')).toBeVisible();
	expect(await clipboard(log)).toBe(
		'2026-11-22 10:00:00.000298 +00:00  INFO  task|299  asyncz.schedulers  entry 299',
	);
	await log.grid.press('Shift+ArrowDown');
	await log.grid.press('ControlOrMeta+c');
	await expect(page.getByText('Copied 2 rows.').first()).toBeVisible();
	expect((await clipboard(log)).split('\n')).toEqual([
		'2026-11-22 10:00:00.000298 +00:00  INFO  task|299  asyncz.schedulers  entry 299',
		'2026-11-22 10:00:00.000297 +00:00  INFO  task|298  asyncz.schedulers  entry 298',
	]);
	await log.grid.press('ControlOrMeta+Shift+c');
	await expect.poll(() => clipboard(log)).toContain('| Time | Level | Task | Logger | Message |');
	expect((await clipboard(log)).split('\n')[2]).toBe(
		String.raw`| 2026-11-22 10:00:00.000298 +00:00 | INFO | task\|299 | asyncz.schedulers | entry 299 |`,
	);
	await log.button('Copy as JSON').click();
	await expect.poll(() => clipboard(log)).toContain('{"ts": "2026-11-22 10:00:00.000298+00:00"');
	const records = (await clipboard(log)).split('\n');
	expect(records).toHaveLength(2);
	expect(JSON.parse(records[1] ?? '')).toMatchObject({ message: 'entry 298', extra: { n: 297 } });
	await expect(log.grid).toBeFocused();
});

test('rows that are not in view are copied, too @page', async ({ log }) => {
	const { page } = log;
	await log.limit.selectOption('All');
	await log.says('300 shown');
	await log.rowAt(1).click();
	await log.grid.press('Escape');
	await log.grid.press('ControlOrMeta+a');
	await expect(page.getByText('300 rows chosen').first()).toBeVisible();
	await log.grid.press('c');
	await expect(page.getByText('Copied 300 rows.').first()).toBeVisible();
	const lines = (await clipboard(log)).split('\n');
	expect([lines.length, lines.at(-1)]).toEqual([
		300,
		'2026-11-22 10:00:00.000000 +00:00  INFO  task|1  asyncz.schedulers  entry 1',
	]);
});

test('a cell of the row is gone to, and the grid says which @page', async ({ log }) => {
	const { page } = log;
	await log.grid.focus();
	await page.keyboard.press('ArrowDown');
	const row = log.rowAt(1);
	await expect(log.grid).toHaveAttribute(
		'aria-activedescendant',
		(await row.getAttribute('id')) ?? '',
	);
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowRight');
	const cell = row.getByRole('gridcell').nth(2);
	await expect(cell).toHaveText('task|300');
	const id = await cell.getAttribute('id');
	expect(id).not.toBeNull();
	await expect(log.grid).toHaveAttribute('aria-activedescendant', id ?? '');
	await page.keyboard.press('ArrowDown');
	const below = log.rowAt(2).getByRole('gridcell').nth(2);
	await expect(log.grid).toHaveAttribute(
		'aria-activedescendant',
		(await below.getAttribute('id')) ?? 'none',
	);
	await page.keyboard.press('Escape');
	await expect(log.grid).toHaveAttribute(
		'aria-activedescendant',
		(await log.rowAt(2).getAttribute('id')) ?? '',
	);
});

import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

const LEVELS: Readonly<Record<number, string>> = { 100: 'ERROR', 200: 'WARNING', 250: 'CRITICAL' };

/** A log of 300 entries that is open, with an error, a warning and something critical. */
const test = base.extend<{ readonly log: LogPage }>({
	log: async ({ app, context }, use) => {
		if (app.hostKind !== 'electron') {
			await context.grantPermissions(['clipboard-read', 'clipboard-write']);
		}
		const lines = Array.from({ length: 300 }, (_, index) =>
			line({ message: `entry ${index + 1}`, level: LEVELS[index + 1] ?? 'INFO' }),
		);
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), lines)));
		await log.limit.selectOption('All');
		await log.shows('300 shown');
		await log.grid.focus();
		await use(log);
	},
});

/** The message of the chosen row, which the table also names to assistive technology. */
function chosen(log: LogPage): Promise<string | undefined> {
	return log.grid.evaluate((grid) => {
		const row = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
		return row?.ariaSelected === 'true' ? row.lastElementChild?.textContent : undefined;
	});
}

test('rows are walked, and the details follow @page', async ({ log }) => {
	const { page } = log;
	await page.keyboard.press('ArrowDown');
	await expect.poll(() => chosen(log)).toBe('entry 300');
	await page.keyboard.press('j');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('k');
	await expect.poll(() => chosen(log)).toBe('entry 299');
	await page.keyboard.press('Enter');
	const message = log.details.getByRole('group', { name: 'Message' });
	await expect(message).toHaveText('entry 299');
	await page.keyboard.press('ArrowUp');
	await expect(message).toHaveText('entry 300');
	await page.keyboard.press('Escape');
	await expect(log.details).toBeHidden();
	await page.keyboard.press('Escape');
	await expect(log.grid).not.toHaveAttribute('aria-activedescendant');
});

test('screens and ends are reached @page', async ({ log }) => {
	const { page } = log;
	await page.keyboard.press('PageDown');
	await page.keyboard.press('PageDown');
	const [first = ''] = await log.visibleMessages();
	expect(Number(first.slice('entry '.length))).toBeLessThan(250);
	await page.keyboard.press('End');
	await expect.poll(() => chosen(log)).toBe('entry 1');
	await page.keyboard.press('g');
	await expect.poll(() => chosen(log)).toBe('entry 300');
	await page.keyboard.press('G');
	await expect.poll(() => chosen(log)).toBe('entry 1');
	await page.keyboard.press('f');
	await log.showsFirst('entry 300');
});

test('errors and warnings are found @page', async ({ log }) => {
	const { page } = log;
	for (const [key, message] of [
		['e', 'entry 250'],
		['e', 'entry 100'],
		['W', 'entry 200'],
		['W', 'entry 250'],
		['w', 'entry 200'],
		['E', 'entry 250'],
	] as const) {
		await page.keyboard.press(key);
		await expect.poll(() => chosen(log)).toBe(message);
	}
	await page.keyboard.press('E');
	await expect(page.getByText('No newer error among the entries shown.')).toBeVisible();
});

test('the query is reached with / and Ctrl+L, and letters are typed there', async ({ log }) => {
	const { page } = log;
	await page.keyboard.press('/');
	await expect(log.query).toBeFocused();
	await page.keyboard.type('entry 25 fg?');
	await expect(log.query).toHaveValue('entry 25 fg?');
	await page.getByRole('button', { name: 'Reset' }).focus();
	await page.keyboard.press('Control+l');
	await expect(log.query).toBeFocused();
	await page.keyboard.type('"entry 25"');
	await log.says('11 matched');
});

test('levels, pause and time zone have keys @page', async ({ log }) => {
	const { page } = log;
	await page.keyboard.press('Alt+5');
	await log.says('2 matched');
	await expect(log.level).toHaveValue('ERROR+');
	await page.keyboard.press('Alt+0');
	await log.says('300 matched');
	await page.keyboard.press('Space');
	await expect(log.button('Resume')).toBeVisible();
	await page.keyboard.press('Space');
	await expect(log.button('Pause')).toBeVisible();
	const zone = page.getByRole('combobox', { name: 'Time' });
	await expect(zone).toHaveValue('local');
	await page.keyboard.press('z');
	await expect(zone).toHaveValue('utc');
});

test('panes are opened and closed @page', async ({ log }) => {
	const { page } = log;
	const sources = page.getByRole('complementary', { name: 'Sources' });
	await expect(sources).toBeVisible();
	await page.keyboard.press('Control+b');
	await expect(sources).toBeHidden();
	await page.keyboard.press('Control+d');
	await expect(log.details).toBeVisible();
	await page.keyboard.press('Control+d');
	await expect(log.details).toBeHidden();
	await page.keyboard.press('F1');
	await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Next older');
	await page.keyboard.press('Escape');
	await expect(page.getByRole('dialog')).toBeHidden();
	await expect(log.grid).toBeFocused();
	await expect(async () => {
		// The dialog that was closed tells so a moment after it is hidden.
		await page.keyboard.press('?');
		await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible({ timeout: 1_000 });
	}).toPass();
});

test('single letters can be turned off, and nothing is out of reach then @page', async ({
	log,
}) => {
	const { page } = log;
	await page.keyboard.press('?');
	const sheet = page.getByRole('dialog', { name: 'Keys' });
	await sheet.getByRole('checkbox', { name: /^Single letters/ }).uncheck();
	await page.keyboard.press('Escape');
	await log.grid.focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('j');
	await expect.poll(() => chosen(log)).toBe('entry 300');
	await page.reload();
	await log.shows('300 stored');
	await log.grid.focus();
	await page.keyboard.press('?');
	await page.keyboard.press('F1');
	await expect(sheet.getByRole('checkbox', { name: /^Single letters/ })).not.toBeChecked();
	await page.keyboard.press('Escape');
	await page.keyboard.press('Control+k');
	await page.keyboard.type('letters');
	await page.keyboard.press('Enter');
	await expect(page.getByText('Single letters are keys again.')).toBeVisible();
	await page.keyboard.press('?');
	await expect(sheet).toBeVisible();
});

test('a row is copied', async ({ log }) => {
	const { page } = log;
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('c');
	await expect(page.getByText('Copied the row.')).toBeVisible();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
		/ INFO {2}asyncz\.schedulers {2}entry 300$/,
	);
});

test('Tab goes through the controls, the table being one of them @page', async ({ log }) => {
	const { page } = log;
	await log.query.focus();
	const names: string[] = [];
	for (let index = 0; index < 50; index++) {
		await page.keyboard.press('Tab');
		names.push(
			await page.evaluate(() => {
				const focused = document.activeElement;
				const label = focused instanceof HTMLElement && 'labels' in focused ? focused.labels : [];
				return (
					focused?.getAttribute('aria-label') ??
					(label as NodeListOf<HTMLElement>)[0]?.textContent ??
					focused?.textContent ??
					''
				).trim();
			}),
		);
	}
	expect(names.slice(0, 12)).toEqual([
		'Time range: All time',
		'Pause',
		'Reset',
		'Open file',
		'Export',
		'Settings',
		'Task ID',
		'Level',
		'Search',
		'Limit',
		'Order',
		'Refresh',
	]);
	expect(names.filter((name) => name === 'Log entries')).toHaveLength(1);
});

test('a time is gone to, however many rows are shown @page', async ({ app }) => {
	const lines = Array.from({ length: 600 }, (_, index) =>
		line({
			message: `entry ${index + 1}`,
			ts: new Date(Date.UTC(2026, 10, 22, 10, 0, index)).toISOString(),
		}),
	);
	const page = await app.start(writeLog(join(app.folder, 'a.jsonl'), lines));
	const log = new LogPage(page);
	await log.shows('200 shown');
	await page.getByRole('combobox', { name: 'Time', exact: true }).selectOption('utc');
	await log.grid.focus();
	const dialog = page.getByRole('dialog', { name: 'Go to a time' });
	const field = dialog.getByRole('textbox', { name: 'Time' });
	await page.keyboard.press('t');
	await field.fill('noon');
	await page.keyboard.press('Enter');
	await expect(dialog.getByRole('alert')).toHaveText(/^Type a time like/);
	await field.fill('10:01:39');
	await page.keyboard.press('Enter');
	await expect(dialog).toBeHidden();
	await expect(log.row(/entry 100$/)).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('t');
	await field.fill('2026-11-21');
	await page.keyboard.press('Enter');
	await expect(dialog.getByRole('alert')).toContainText('is that old');
});

test('a run is followed from row to row, and shown by itself @page', async ({ app }) => {
	const lines = Array.from({ length: 30 }, (_, index) =>
		line({
			message: `entry ${index + 1}`,
			...(index % 3 === 0 ? {} : { run_id: `r${index % 3}` }),
		}),
	);
	const page = await app.start(writeLog(join(app.folder, 'a.jsonl'), lines));
	const log = new LogPage(page);
	await log.shows('30 shown');
	await expect(page.getByRole('columnheader', { name: 'Run' })).toBeVisible();
	await expect(log.row(/entry 30$/).getByRole('gridcell', { name: 'r2' })).toBeVisible();
	await log.grid.focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('o');
	await expect(log.row(/entry 27$/)).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('r');
	await expect(log.rows).toHaveCount(10);
	await page.keyboard.press('r');
	await expect(log.rows).toHaveCount(30);
	await expect(log.row(/entry 27$/)).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('O');
	await expect(log.row(/entry 30$/)).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('O');
	await expect(page.getByText('No newer entry of this run.')).toBeVisible();
	await page.keyboard.press('j');
	await page.keyboard.press('j');
	await page.keyboard.press('r');
	await expect(page.getByText('This entry names no run')).toBeVisible();
});

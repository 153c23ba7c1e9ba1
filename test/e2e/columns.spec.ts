import { join } from 'node:path';
import type { Locator } from 'playwright/test';
import { expect, test as base } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';
import { seriousFindings } from './pages/serious-findings.ts';

const LINES = Array.from({ length: 30 }, (_, index) =>
	line({
		ts: `2026-11-22 10:00:${String(index * 2).padStart(2, '0')}.500250+00:00`,
		message: `entry ${index + 1}`,
		logger: 'asyncz.executors.default',
	}),
);

/** A log of 30 entries, two seconds between them. */
const test = base.extend<{ readonly log: LogPage }>({
	log: async ({ app }, use) => {
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), LINES)));
		await log.shows('30 stored');
		await log.page.getByRole('combobox', { name: 'Time' }).selectOption('UTC');
		await use(log);
	},
});

function head(log: LogPage, name: string): Locator {
	return log.grid.getByRole('columnheader', { name, exact: true });
}

function heads(log: LogPage): Locator {
	return log.grid.getByRole('columnheader');
}

test('columns are hidden and come back, and stay so', async ({ log }) => {
	const { page } = log;
	await head(log, 'Logger').getByRole('button').click();
	await page.getByRole('menuitem', { name: 'Hide' }).click();
	await expect(heads(log)).toHaveText(['Time', 'Level', 'Task', 'Message']);
	await expect(log.rowAt(1).getByRole('gridcell')).toHaveCount(4);
	await page.reload();
	await expect(heads(log)).toHaveText(['Time', 'Level', 'Task', 'Message']);
	await log.ask('is:error');
	await log.button('Undo').click();
	await expect(log.query).toHaveValue('');
	await expect(heads(log)).toHaveText(['Time', 'Level', 'Task', 'Message']);
	await log.button('Columns').click();
	const chooser = page.getByRole('dialog', { name: 'Columns' });
	await expect(chooser.getByRole('checkbox', { name: 'Logger' })).not.toBeChecked();
	await chooser.getByRole('checkbox', { name: 'Logger' }).check();
	await chooser.getByRole('checkbox', { name: 'Task' }).uncheck();
	await page.keyboard.press('Escape');
	await expect(chooser).toBeHidden();
	await expect(heads(log)).toHaveText(['Time', 'Level', 'Logger', 'Message']);
	await expect(log.rowAt(1)).toContainText('asyncz.executors.default');
	await head(log, 'Level').getByRole('button').click();
	await page.getByRole('menuitem', { name: 'Reset columns' }).click();
	await expect(heads(log)).toHaveText(['Time', 'Level', 'Task', 'Logger', 'Message']);
});

test('the Enter key shows the column that was found, and hides it again @page', async ({ log }) => {
	await log.button('Columns').click();
	const search = log.page.getByRole('searchbox', { name: 'Find a field' });
	await search.fill('delt');
	await search.press('Enter');
	await expect(head(log, 'Delta')).toBeVisible();
	await search.press('Enter');
	await expect(head(log, 'Delta')).toHaveCount(0);
	await search.fill('');
	await search.press('Enter');
	await expect(heads(log)).toHaveText(['Time', 'Level', 'Task', 'Logger', 'Message']);
});

test('a column is dragged to another place @page', async ({ log }) => {
	const { page } = log;
	const from = await head(log, 'Logger').boundingBox();
	const to = await head(log, 'Level').boundingBox();
	await page.mouse.move((from?.x ?? 0) + 40, (from?.y ?? 0) + 12);
	await page.mouse.down();
	await page.mouse.move((to?.x ?? 0) + 10, (to?.y ?? 0) + 12, { steps: 4 });
	await page.mouse.up();
	await expect(heads(log)).toHaveText(['Time', 'Logger', 'Level', 'Task', 'Message']);
	await expect(log.rowAt(1).getByRole('gridcell').nth(1)).toHaveText('asyncz.executors.default');
	await expect(page.getByRole('menu')).toBeHidden();
});

test('a column is moved by keyboard, and keeps the focus @page', async ({ log }) => {
	const { page } = log;
	await head(log, 'Time').getByRole('button').focus();
	await page.keyboard.press('End');
	await page.keyboard.press('Alt+ArrowLeft');
	await expect(heads(log)).toHaveText(['Time', 'Level', 'Task', 'Message', 'Logger']);
	const button = head(log, 'Message').getByRole('button');
	await expect(button).toBeFocused();
	await page.keyboard.press('Shift+F10');
	await expect(page.getByRole('menuitem', { name: 'Hide' })).toBeFocused();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await expect(heads(log)).toHaveText(['Time', 'Level', 'Message', 'Task', 'Logger']);
	await expect(button).toBeFocused();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Escape');
	await expect(button).toBeFocused();
	const message = await head(log, 'Message').boundingBox();
	expect(message?.width).toBeGreaterThan(300);
});

test('a column is made as wide as what it shows @page', async ({ log }) => {
	const { page } = log;
	const cell = log.rowAt(1).getByRole('gridcell').nth(3);
	const isCut = () => cell.evaluate((element) => element.scrollWidth > element.clientWidth);
	expect(await isCut()).toBe(true);
	await head(log, 'Logger').getByRole('button').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Fit width' }).click();
	await expect.poll(isCut).toBe(false);
	await head(log, 'Logger').getByRole('button').click();
	await page.getByRole('menuitem', { name: 'Reset widths' }).click();
	await expect.poll(isCut).toBe(true);
});

test('a column tells how long after the row before, or after a row of choice @page', async ({
	log,
}) => {
	const { page } = log;
	await log.button('Columns').click();
	await page.getByRole('checkbox', { name: 'Delta' }).check();
	await page.keyboard.press('Escape');
	const delta = (number: number) => log.rowAt(number).getByRole('gridcell').nth(1);
	await expect(delta(1)).toHaveText('+2.000 s');
	await expect(delta(30)).toHaveText('');
	await log.grid.focus();
	await log.grid.press('ArrowDown');
	await log.grid.press('ArrowDown');
	await log.grid.press('T');
	await expect(delta(1)).toHaveText('+2.000 s');
	await expect(delta(2)).toHaveText('+0.000 s');
	await expect(delta(5)).toHaveText('−6.000 s');
	await log.grid.press('T');
	await expect(delta(5)).toHaveText('+2.000 s');
});

test('times have as many digits as are wanted @page', async ({ log }) => {
	const time = log.rowAt(1).getByRole('gridcell').first();
	await expect(time).toHaveText('2026-11-22 10:00:58.500');
	await log.grid.press('.');
	await expect(time).toHaveText('2026-11-22 10:00:58.500250');
	await log.grid.press('.');
	await expect(time).toHaveText('2026-11-22 10:00:58');
	await expect(time).toHaveAttribute('title', '2026-11-22 10:00:58.500250 +00:00');
	const isCut = await time.evaluate((element) => element.scrollWidth > element.clientWidth);
	expect(isCut).toBe(false);
});

test('axe finds nothing serious in menus and among chosen rows @page', async ({ log }) => {
	const { page } = log;
	await log.button('Columns').click();
	await page.getByRole('checkbox', { name: 'Delta' }).check();
	expect(await seriousFindings(page)).toEqual([]);
	await page.keyboard.press('Escape');
	await head(log, 'Task').getByRole('button').click();
	expect(await seriousFindings(page)).toEqual([]);
	await page.keyboard.press('Escape');
	await page.setViewportSize({ width: 900, height: 600 });
	await log.rowAt(2).click();
	await log.grid.press('Escape');
	await log.grid.press('ArrowRight');
	await log.grid.press('Shift+ArrowDown');
	await log.grid.press('ControlOrMeta+ArrowDown');
	await expect(page.getByText('2 rows chosen').first()).toBeVisible();
	expect(await seriousFindings(page)).toEqual([]);
});

import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

const LINES = Array.from({ length: 12 }, (_, index) =>
	line({
		message: `entry ${index + 1}`,
		level: ['INFO', 'WARNING', 'ERROR'][index % 3] ?? '',
		task_id: ['daily', 'sync invoices', null][index % 3] ?? null,
		extra: { queue: ['mail', 'billing'][index % 2], user: { 'full.name': 'Ada "A" L', id: index } },
	}),
);

/** A log of twelve entries of three levels, and a clipboard that can be read. */
const test = base.extend<{ readonly log: LogPage }>({
	log: async ({ app, context }, use) => {
		if (app.hostKind !== 'electron') {
			await context.grantPermissions(['clipboard-read', 'clipboard-write']);
		}
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), LINES)));
		await log.says('12 stored');
		await use(log);
	},
});

test('a value is asked for with the menu of its cell, and let go there', async ({ log }) => {
	const { page } = log;
	await log.row('entry 11').getByText('sync invoices').click({ button: 'right' });
	const menu = page.getByRole('menu', { name: 'Task of the row' });
	await menu.getByRole('menuitem', { name: 'Only this value' }).click();
	await log.says('4 matched');
	await expect(log.taskId).toHaveValue('sync invoices');
	await log.row('entry 11').getByText('sync invoices').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Exclude' }).click();
	await log.says('12 matched');
	await expect(log.taskId).toHaveValue('');
});

test('a cell without a value says that there is nothing to ask for', async ({ log }) => {
	const { page } = log;
	await log.grid.focus();
	await page.keyboard.press('ArrowDown');
	for (let step = 0; step < 3; step++) {
		await page.keyboard.press('ArrowRight');
	}
	await page.keyboard.press('=');
	await expect(page.getByText('There is no value here to ask for')).toBeVisible();
	await log.says('12 matched');
});

test('the menu of a cell opens by key, beside it, and gives the focus back', async ({ log }) => {
	const { page } = log;
	await log.grid.focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('Shift+F10');
	const menu = page.getByRole('menu', { name: 'Level of the row' });
	await expect(menu.getByRole('menuitem').first()).toBeFocused();
	await page.keyboard.press('c');
	await expect(menu.getByRole('menuitem', { name: 'Copy value' })).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.getByText('Copied the value of Level.').first()).toBeVisible();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('ERROR');
	await expect(log.grid).toBeFocused();
});

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
		await log.shows('12 stored');
		await use(log);
	},
});

function clipboard(log: LogPage): Promise<string> {
	return log.page.evaluate(() => navigator.clipboard.readText());
}

test('keys ask for the value of the cell that they went to @page', async ({ log }) => {
	const { page } = log;
	await log.grid.focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('-');
	await log.says('8 matched');
	await expect(log.row('ERROR')).toHaveCount(0);
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('=');
	await log.says('4 matched');
	const levels = await log.rows.locator('.level').allTextContents();
	expect(new Set(levels).size).toBe(1);
});

test('a value is asked for with the menu of its cell, and excluded there @page', async ({
	log,
}) => {
	const { page } = log;
	await log.row('entry 11').getByText('sync invoices').click({ button: 'right' });
	const menu = page.getByRole('menu', { name: 'Task of the row' });
	await menu.getByRole('menuitem', { name: 'Only this value' }).click();
	await log.says('4 matched');
	await expect(log.taskId).toHaveValue('sync invoices');
	await log.row('entry 11').getByText('sync invoices').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Exclude' }).click();
	await log.says('8 matched');
	await expect(log.taskId).toHaveValue('');
});

test('a cell without a value says that there is nothing to ask for @page', async ({ log }) => {
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

test('the menu of a cell opens by key, beside it, and gives the focus back @page', async ({
	log,
}) => {
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
	expect(await clipboard(log)).toBe('ERROR');
	await expect(log.grid).toBeFocused();
});

test('a value of the details is asked for, becomes a column and a facet, and is copied', async ({
	log,
}) => {
	const { page } = log;
	await log.row('entry 11').click();
	const tree = log.details.getByRole('tree', { name: 'Extra' });
	const act = async (field: string, item: string) => {
		await tree.getByRole('button', { name: `Actions for ${field}`, exact: true }).click();
		await page.getByRole('menuitem', { name: item, exact: true }).click();
	};
	await act('queue', 'Add as column');
	await expect(log.grid.getByRole('columnheader', { name: 'queue', exact: true })).toBeVisible();
	await expect(log.row('entry 11').locator('.value')).toHaveText('mail');
	await act('user.id', 'Add as column');
	const number = log.row('entry 11').locator('.value.number');
	await expect(number).toHaveText('10');
	await expect(number).toHaveCSS('text-align', 'right');
	await expect(number).toHaveCSS('display', 'block');
	await act('queue', 'Exclude');
	await log.says('6 matched');
	await log.button('Reset').click();
	await log.says('12 matched');
	await act('user.full.name', 'Copy path');
	await expect.poll(() => clipboard(log)).toBe('user."full.name"');
	await act('user.full.name', 'Copy value');
	await expect.poll(() => clipboard(log)).toBe('Ada "A" L');
	await act('user', 'Copy value');
	await expect.poll(() => clipboard(log)).toBe('{"full.name":"Ada \\"A\\" L","id":10}');
	await act('user.full.name', 'Only this value');
	await log.says('12 matched');
	await tree.getByRole('treeitem').first().focus();
	await page.keyboard.press('=');
	await log.says('6 matched');
});

test('the task, the logger and the level of an entry have the same menus @page', async ({
	log,
}) => {
	const { page } = log;
	await log.row('entry 11').click();
	await log.details.getByRole('button', { name: 'Actions for task' }).click();
	await page.getByRole('menuitem', { name: 'Exclude' }).click();
	await log.says('8 matched');
	await log.button('Reset').click();
	await log.details.getByRole('button', { name: 'Actions for level' }).click();
	await page.getByRole('menuitem', { name: 'Only this value' }).click();
	await log.says('4 matched');
});

import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

const test = base.extend<{ readonly log: LogPage }>({
	log: async ({ app }, use) => {
		const lines = ['DEBUG', 'INFO', 'WARNING', 'ERROR'].map((level) =>
			line({ level, message: `as ${level}` }),
		);
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), lines)));
		await log.shows('4 shown');
		await use(log);
	},
});

async function save(log: LogPage, name: string): Promise<void> {
	const { page } = log;
	await page.keyboard.press('Control+s');
	const dialog = page.getByRole('dialog', { name: 'Save view' });
	await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(dialog).toBeHidden();
}

test('a view is saved, opened by its key, and there after a restart', async ({ log, app }) => {
	const { page } = log;
	const views = page.getByRole('region', { name: 'Saved views' });
	await log.level.selectOption('ERROR');
	await log.says('1 matched');
	await save(log, 'Failures');
	await log.level.selectOption('DEBUG');
	await save(log, 'Noise');
	await expect(views.getByRole('button', { name: /^Noise/ })).toHaveAttribute(
		'aria-pressed',
		'true',
	);

	await log.grid.focus();
	await page.keyboard.press('1');
	await expect(log.row('as ERROR')).toBeVisible();
	await expect(log.rows).toHaveCount(1);
	await page.keyboard.press('0');
	await expect(log.rows).toHaveCount(4);
	await page.keyboard.press('7');
	await expect(page.getByText('No view is saved on 7.')).toBeVisible();

	const again = new LogPage(await app.restart());
	await again.shows('4 stored');
	await again.grid.focus();
	await again.page.keyboard.press('2');
	await expect(again.row('as DEBUG')).toBeVisible();
	await expect(again.rows).toHaveCount(1);
});

test('opening a view is undone in one step @page', async ({ log }) => {
	const { page } = log;
	await log.level.selectOption('ERROR');
	await save(log, 'Failures');
	await log.level.selectOption('INFO');
	await expect(log.row('as INFO')).toBeVisible();
	await log.grid.focus();
	await page.keyboard.press('1');
	await expect(log.row('as ERROR')).toBeVisible();
	await page.keyboard.press('Control+z');
	await expect(log.row('as INFO')).toBeVisible();
	await page.keyboard.press('Control+y');
	await expect(log.row('as ERROR')).toBeVisible();
});

test('a name that is taken is asked about, and an empty one refused @page', async ({ log }) => {
	const { page } = log;
	await log.level.selectOption('ERROR');
	await save(log, 'One');
	await log.level.selectOption('INFO');
	await expect(
		page.getByRole('region', { name: 'Saved views' }).getByText('changed'),
	).toBeVisible();
	await page.keyboard.press('Control+s');
	const dialog = page.getByRole('dialog', { name: 'Save view' });
	const name = dialog.getByRole('textbox', { name: 'Name' });
	await expect(name).toHaveValue('One');
	await name.fill('  ');
	await page.keyboard.press('Enter');
	await expect(dialog.getByRole('alert')).toHaveText('A view needs a name.');
	await name.fill('One');
	await page.keyboard.press('Enter');
	await expect(dialog.getByRole('alert')).toContainText('Save again to replace it.');
	await page.keyboard.press('Enter');
	await expect(dialog).toBeHidden();
	await log.grid.focus();
	await page.keyboard.press('0');
	await expect(log.rows).toHaveCount(4);
	await page.keyboard.press('1');
	await expect(log.row('as INFO')).toBeVisible();
	await expect(log.rows).toHaveCount(1);
});

test('views are renamed, moved and deleted, by the keyboard and by the mouse @page', async ({
	log,
}) => {
	const { page } = log;
	const views = page.getByRole('region', { name: 'Saved views' });
	const names = views.getByRole('listitem').locator('.text');
	for (const name of ['One', 'Two', 'Three']) {
		await save(log, name);
	}
	await expect(names).toHaveText(['One', 'Two', 'Three']);
	await views.getByRole('button', { name: /^One/ }).focus();
	await page.keyboard.press('Alt+ArrowDown');
	await expect(names).toHaveText(['Two', 'One', 'Three']);
	await expect(views.getByRole('button', { name: /^One/ })).toBeFocused();
	await page.keyboard.press('F2');
	await page.getByRole('textbox', { name: 'Name' }).fill('First');
	await page.keyboard.press('Enter');
	await expect(names).toHaveText(['Two', 'First', 'Three']);

	await names.nth(2).dragTo(names.nth(0));
	await expect(names).toHaveText(['Three', 'Two', 'First']);
	await log.button('Change view Two').click();
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	await expect(names).toHaveText(['Three', 'First']);
	await page.keyboard.press('Control+k');
	await page.keyboard.type('view first');
	await expect(page.getByRole('dialog').getByRole('option').first()).toContainText(
		'Open view First',
	);
});

import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

const test = base.extend<{ readonly log: LogPage }>({
	log: async ({ app }, use) => {
		const lines = Array.from({ length: 600 }, (_, index) =>
			line({ message: `entry ${index + 1}`, level: index % 2 === 0 ? 'ERROR' : 'INFO' }),
		);
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), lines)));
		await log.shows('600 stored');
		await log.showsFirst('entry 600');
		await log.grid.focus();
		await use(log);
	},
});

/** The mark of a row. */
function markOf(log: LogPage, text: string) {
	return log.row(text).getByRole('img', { name: 'Marked' });
}

test('rows are marked, gone to, asked for, and still marked after a restart', async ({
	log,
	app,
}) => {
	const { page } = log;
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('m');
	await expect(markOf(log, 'entry 600')).toBeAttached();
	for (let step = 0; step < 5; step++) {
		await page.keyboard.press('j');
	}
	await page.keyboard.press('m');
	await page.keyboard.press('g');
	await page.keyboard.press('u');
	await expect(log.row('entry 595')).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('U');
	await expect(log.row('entry 600')).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('U');
	await expect(page.getByText('No newer mark')).toBeVisible();

	const again = new LogPage(await app.restart());
	await again.shows('600 stored');
	await expect(markOf(again, 'entry 595')).toBeAttached();
	await again.grid.focus();
	await again.page.keyboard.press('ArrowDown');
	await again.page.keyboard.press('m');
	await expect(markOf(again, 'entry 600')).toHaveCount(0);
	await again.page.keyboard.press(']');
	await expect(again.row('entry 595')).toHaveAttribute('aria-selected', 'true');
});

test('a mark far beyond the limit is gone to, and said so @page', async ({ log }) => {
	const { page } = log;
	await log.limit.selectOption('All');
	await log.says('600 shown');
	await page.keyboard.press('End');
	await expect(log.row(/entry 1$/)).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('m');
	await log.limit.selectOption('200');
	await log.says('200 shown');
	await log.grid.focus();
	await page.keyboard.press('g');
	await page.keyboard.press('u');
	await expect(page.getByText('the limit was lifted')).toBeVisible();
	await expect(log.row(/entry 1$/)).toHaveAttribute('aria-selected', 'true');
});

test('what is filtered away is no mark to go to @page', async ({ log }) => {
	const { page } = log;
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('m');
	await log.level.selectOption('ERROR');
	await log.says('300 matched');
	await log.grid.focus();
	await page.keyboard.press('u');
	await expect(page.getByText('No older mark among what is asked for.')).toBeVisible();
});

test('a row stays on top while it is pinned @page', async ({ log }) => {
	const { page } = log;
	const pinned = page.getByRole('rowgroup', { name: 'Pinned rows' });
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('p');
	await page.keyboard.press('End');
	await expect(pinned.getByRole('row')).toHaveText(/entry 600/);
	await pinned.getByRole('row').click();
	await log.showsFirst('entry 600');
	await page.keyboard.press('End');
	await log.button('Let go of pinned row 1').click();
	await expect(pinned).toBeHidden();
});

test('two chosen rows are compared @page', async ({ log }) => {
	const { page } = log;
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('d');
	await expect(page.getByText('Choose two rows to compare them')).toBeVisible();
	await page.keyboard.press('Shift+ArrowDown');
	await expect(log.row('entry 599')).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('d');
	const dialog = page.getByRole('dialog', { name: 'Compare two entries' });
	await expect(dialog.getByRole('row', { name: /^message/ })).toContainText('entry 599entry 600');
	await expect(dialog).toContainText('2 fields differ of');
	await dialog.getByRole('checkbox', { name: 'Only what differs' }).check();
	await expect(dialog.getByRole('row')).toHaveCount(3);
	await page.keyboard.press('Escape');
	await expect(dialog).toBeHidden();
});

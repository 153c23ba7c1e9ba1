import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { line, writeEntries, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

test('shows the newest entries first, up to the limit', async ({ app }) => {
	const log = new LogPage(await app.start(writeEntries(join(app.folder, 'a.jsonl'), 1_284)));
	await log.says('200 shown', '1,284 matched', '1,284 stored');
	await expect(log.grid).toHaveAttribute('aria-rowcount', '201');
	await expect(log.rowAt(1)).toContainText('entry 1284');
	await log.limit.selectOption('1,000');
	await log.says('1,000 shown');
	await log.limit.selectOption('All');
	await log.says('1,284 shown');
});

test('the sample is one click away', async ({ app }) => {
	const page = await app.start();
	const log = new LogPage(page);
	await expect(page.getByRole('heading', { name: 'No log is open' })).toBeVisible();
	await log.button('Open sample').click();
	await log.showsFirst(/./);
	await expect(log.rows.first().getByRole('gridcell')).toHaveCount(5);
});

test('both ends of a million rows are reached by key, wheel and scroll bar @page', async ({
	app,
}) => {
	const log = new LogPage(await app.start(writeEntries(join(app.folder, 'a.jsonl'), 1_000_000)));
	await log.limit.selectOption('All');
	await expect(log.status).toContainText('1,000,000 shown', { timeout: 50_000 });
	await log.grid.press('End');
	await expect(log.rowAt(1_000_000)).toContainText('entry 1');
	await log.scrollRows(-10);
	await expect(log.rowAt(999_970)).toContainText('entry 31');
	await log.scrollTo(0.5);
	await log.showsFirst(/^entry (49|50)\d{4}$/);
	const [first = ''] = await log.visibleMessages();
	await log.scrollRows(7);
	await log.showsFirst(`entry ${Number(first.slice('entry '.length)) - 7}`);
	await log.scrollTo(1);
	await expect(log.rowAt(1_000_000)).toContainText('entry 1');
	await log.grid.press('Home');
	await expect(log.rowAt(1)).toContainText('entry 1000000');
});

test('what strangers write into a log is text @page', async ({ app }) => {
	const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
	const path = writeLog(join(app.folder, '<b>a.jsonl'), [
		line({ message: hostile, logger: hostile, task_id: hostile, level: hostile, [hostile]: 1 }),
		line({ message: '\u001b[31mred\u001b[0m \u202eevil\u200b' }),
		line({ message: 'first\nsecond' }),
		'{"message": "half of it',
	]);
	const page = await app.start(path);
	const log = new LogPage(page);
	await log.says('4 shown', '4 stored');
	await expect
		.poll(() => log.visibleMessages())
		.toEqual(['{"message": "half of it', 'first ↵ second', 'red ⟨U+202E⟩evil⟨U+200B⟩', hostile]);
	await log.rowAt(4).click();
	await expect(log.details.getByRole('group', { name: 'Message' })).toHaveText(hostile);
	await expect(log.details.getByRole('treeitem').first()).toContainText('<img');
	await expect(page).toHaveTitle(/^AsyncZ Companion/);
	expect(await page.locator('img[src=x], script:not([src])').count()).toBe(0);
});

test('a second source has a column, and can be shown alone @page', async ({ app }) => {
	const first = writeLog(join(app.folder, 'first.jsonl'), [line({ message: 'one' })]);
	const second = writeLog(join(app.folder, 'second.jsonl'), [line({ message: 'two' })]);
	const page = await app.start(first, second);
	const log = new LogPage(page);
	await log.says('2 shown');
	await expect(log.grid.getByRole('columnheader', { name: 'Source' })).toBeVisible();
	await expect(log.row('one')).toContainText('first.jsonl');
	const source = page.getByRole('button', { name: /^first\.jsonl \d/ });
	await source.click();
	await expect(source).toHaveAttribute('aria-pressed', 'true');
	await log.says('1 shown', '2 stored');
	await source.click();
	await log.says('2 shown');
	await log.closeSource('first.jsonl');
	await log.says('1 shown', '1 stored');
	await expect(log.grid.getByRole('columnheader', { name: 'Source' })).toBeHidden();
});

test('a column stays as wide as it was made', async ({ app }) => {
	const page = await app.start(writeEntries(join(app.folder, 'a.jsonl'), 10));
	const log = new LogPage(page);
	await log.says('10 shown');
	const border = log.grid.getByRole('separator', { name: 'Resize column Logger' });
	await expect(border).toHaveAttribute('aria-valuenow', '180');
	await border.focus();
	await border.press('ArrowRight');
	await border.press('Shift+ArrowRight');
	await expect(border).toHaveAttribute('aria-valuenow', '240');
	const box = await border.boundingBox();
	await border.hover();
	await page.mouse.down();
	await page.mouse.move((box?.x ?? 0) + 5 - 100, (box?.y ?? 0) + 5, { steps: 5 });
	await page.mouse.up();
	await expect(border).toHaveAttribute('aria-valuenow', '140');
	await page.reload();
	await expect(border).toHaveAttribute('aria-valuenow', '140');
	await border.press('Enter');
	await expect(border).toHaveAttribute('aria-valuenow', '180');
});

test('a log without an entry says what it waits for', async ({ app }) => {
	const page = await app.start(writeLog(join(app.folder, 'empty.jsonl'), []));
	const heading = page.getByRole('heading', { name: 'Waiting for the first line of empty.jsonl' });
	await expect(heading).toBeVisible();
});

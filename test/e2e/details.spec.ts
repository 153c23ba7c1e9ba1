import { join } from 'node:path';
import { expect, test as base } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

const TRACEBACK = [
	'Traceback (most recent call last):',
	'  File "billing/sync.py", line 88, in sync_invoices',
	'    response = await client.get(url, timeout=10)',
	'httpx.ReadTimeout: timeout after 10 s',
];

const LIBRARIES = [
	'_client.py", line 1768, in get',
	'_base.py", line 3, in send',
	'_errors.py", line 9, in map',
].map((end) => `  File "/srv/venv/lib/python3.12/site-packages/httpx/${end}`);

const LINES = [
	line({ message: 'plain' }),
	'{"ts": "2026-11-22 10:28:41.902113+00:00", "level": "ERROR", "message": "Job raised", ' +
		'"logger": "asyncz.executors.default", "task_id": "sync_invoices", ' +
		'"extra": {"id": 18446744073709551615, "ratio": 1.0, "deep": {"list": [1, 2]}}}',
	...TRACEBACK.slice(0, 3),
	...LIBRARIES,
	...TRACEBACK.slice(3),
	line({ message: 'about another task', task_id: 'sync_invoices' }),
	line({ message: 'm'.repeat(100_000) }),
];

/** A log of four entries that is open, with the pane for the one with everything. */
const test = base.extend<{ readonly log: LogPage }>({
	log: async ({ app, context }, use) => {
		if (app.hostKind !== 'electron') {
			await context.grantPermissions(['clipboard-read', 'clipboard-write']);
		}
		const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), LINES)));
		await log.shows('4 stored');
		await log.row('Job raised').click();
		await expect(log.details).toBeVisible();
		await use(log);
	},
});

test('every field of the entry is shown, numbers as they were written @page', async ({
	app,
	log,
}) => {
	const { page } = log;
	await page.getByRole('combobox', { name: 'Time' }).selectOption('UTC');
	await expect(log.details).toContainText('ERROR');
	await expect(log.details).toContainText('2026-11-22 10:28:41.902113 +00:00');
	await expect(log.details.getByRole('group', { name: 'Message' })).toHaveText('Job raised');
	for (const text of ['sync_invoices', 'asyncz.executors.default', 'byte ', /^AsyncZ$/]) {
		await expect(log.details.getByRole('definition').filter({ hasText: text })).toBeVisible();
	}
	await expect(log.details.getByTitle(join(app.folder, 'a.jsonl'))).toHaveCount(2);
	const tree = log.details.getByRole('tree', { name: 'Extra' });
	await expect(tree.getByRole('treeitem')).toHaveText([
		/id\s*:\s*18446744073709551615/,
		/ratio\s*:\s*1\.0/,
		/deep\s*:\s*\{1 key\}/,
		/list\s*:\s*\[2 items\]/,
		/0\s*:\s*1/,
		/1\s*:\s*2/,
	]);
});

test('the lines of a traceback belong to their entry @page', async ({ log }) => {
	const lines = log.details.getByRole('group', { name: 'Traceback' });
	for (const text of TRACEBACK) {
		await expect(lines).toContainText(text.trim());
	}
	await lines.getByRole('button', { name: 'Copy billing/sync.py:88' }).click();
	await expect(log.page.getByText('Copied billing/sync.py:88.')).toBeVisible();
	const fold = lines.getByRole('button', { name: '2 frames of libraries' });
	await expect(lines).not.toContainText('_client.py');
	await fold.click();
	await expect(lines).toContainText('_client.py');
	await expect(fold).toHaveAttribute('aria-expanded', 'true');
	const raw = log.details.getByRole('group', { name: 'Raw line' });
	await expect(raw).toContainText('18446744073709551615');
	await expect(raw).toContainText('httpx.ReadTimeout');
});

test('the tree is folded and unfolded with the arrow keys @page', async ({ log }) => {
	const { page } = log;
	const items = log.details.getByRole('treeitem');
	await items.nth(0).focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowDown');
	await expect(items.nth(2)).toBeFocused();
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowRight');
	await expect(items.nth(4)).toBeFocused();
	await page.keyboard.press('ArrowLeft');
	await page.keyboard.press('ArrowLeft');
	await expect(items).toHaveCount(4);
	await expect(items.nth(3)).toBeFocused();
	await page.keyboard.press('ArrowLeft');
	await page.keyboard.press('ArrowLeft');
	await expect(items).toHaveCount(3);
	await expect(items.nth(2)).toHaveAttribute('aria-expanded', 'false');
});

test('the entry is copied as the record it was', async ({ log }) => {
	const { page } = log;
	await log.button('Copy JSON').click();
	await expect(page.getByText('Copied the entry as JSON.')).toBeVisible();
	const text = await page.evaluate(() => navigator.clipboard.readText());
	expect(text).toContain('{"ts": "2026-11-22 10:28:41.902113+00:00", "level": "ERROR"');
	expect(text).toContain(
		'"extra": {"id": 18446744073709551615, "ratio": 1.0, "deep": {"list": [1, 2]}, "exception": "Trace',
	);
	await log.button('Copy message').click();
	await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('Job raised');
});

test('its task can be shown alone @page', async ({ log }) => {
	await log.button('Only this task').click();
	await expect(log.taskId).toHaveValue('sync_invoices');
	await log.says('2 matched');
	await expect(log.details).toBeVisible();
});

test('a long message is shown in part, and in full when asked for @page', async ({ log }) => {
	await log.rowAt(1).click();
	const message = log.details.getByRole('group', { name: 'Message' });
	await expect(message).toHaveText('m'.repeat(20_000));
	await log.details.getByRole('button', { name: 'Show all' }).first().click();
	await expect(message).toHaveText('m'.repeat(100_000), { useInnerText: false });
});

test('the pane keeps its width, and is closed by Esc or its button', async ({ log }) => {
	const { page } = log;
	const border = page.getByRole('separator', { name: 'Resize details' });
	await expect(border).toHaveAttribute('aria-valuenow', '380');
	await border.focus();
	await border.press('ArrowLeft');
	await expect(border).toHaveAttribute('aria-valuenow', '396');
	await log.button('Close details').click();
	await expect(log.details).toBeHidden();
	await expect(log.grid).toBeFocused();
	await page.reload();
	await log.row('plain').click();
	await expect(border).toHaveAttribute('aria-valuenow', '396');
	await page.keyboard.press('Escape');
	await expect(log.details).toBeHidden();
});

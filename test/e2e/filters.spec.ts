import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

const LINES = [
	line({ level: 'DEBUG', message: 'looking for tasks' }),
	line({ level: 'INFO', message: 'Report built', task_id: 'daily' }),
	line({ level: 'WARNING', message: 'Timeout of the store', task_id: 'daily' }),
	line({ level: 'ERROR', message: 'timeout, given up', task_id: 'sync' }),
	line({ level: 'CRITICAL', message: 'store lost' }),
];

test('each field narrows the table at once, and Reset shows everything again @page', async ({
	app,
}) => {
	const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), LINES)));
	await log.says('5 shown', '5 matched', '5 stored');

	await log.level.selectOption('ERROR');
	await log.says('1 shown', '1 matched', '5 stored');
	await expect(log.rowAt(1)).toContainText('given up');
	await log.level.selectOption('WARNING and above');
	await log.says('3 matched');
	await log.search.fill('TIMEOUT');
	await log.says('2 matched');
	await expect(log.rowAt(1).locator('mark')).toHaveText('timeout');
	await log.taskId.fill('daily');
	await log.says('1 matched');
	expect(await log.visibleMessages()).toEqual(['Timeout of the store']);

	await log.button('Reset').click();
	await log.says('5 shown', '5 matched');
	await expect(log.search).toHaveValue('');
	await expect(log.taskId).toHaveValue('');
	await expect(log.level).toHaveValue('');
});

test('the task ID is exact, the search is a part of the message in any case @page', async ({
	app,
}) => {
	const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), LINES)));
	await log.says('5 matched');
	await log.taskId.fill('dail');
	await log.says('0 matched');
	await log.taskId.fill('Daily');
	await log.says('0 matched');
	await log.taskId.fill(' daily ');
	await log.says('2 matched');
	await log.taskId.fill('');
	await log.search.fill('of the st');
	await log.says('1 matched');
});

test('an empty table says which condition is to blame, and takes it away @page', async ({
	app,
}) => {
	const page = await app.start(writeLog(join(app.folder, 'a.jsonl'), LINES));
	const log = new LogPage(page);
	await log.says('5 matched');
	await log.search.fill('timeout');
	await log.level.selectOption('CRITICAL');
	await expect(page.getByRole('heading', { name: 'No entry matches' })).toBeVisible();
	await expect(page.getByRole('listitem').filter({ hasText: 'without Search' })).toContainText(
		'timeout: 1 entry',
	);
	await expect(page.getByRole('listitem').filter({ hasText: 'without Level' })).toContainText(
		'CRITICAL: 2 entries',
	);
	await log.button('Remove Level').click();
	await log.says('2 matched');
});

test('the filter is there again after a reload', async ({ app }) => {
	const page = await app.start(writeLog(join(app.folder, 'a.jsonl'), LINES));
	const log = new LogPage(page);
	await log.taskId.fill('daily');
	await log.level.selectOption('WARNING and above');
	await log.says('1 matched');
	await page.reload();
	await log.says('1 matched', '5 stored');
	await expect(log.taskId).toHaveValue('daily');
	await expect(log.level).toHaveValue('WARNING+');
});

test('the choices are those of AsyncZ and each level "and above" @page', async ({ app }) => {
	const log = new LogPage(await app.start());
	const levels = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];
	await expect(log.level.getByRole('option')).toHaveText([
		'Any',
		...levels,
		...levels.map((level) => `${level} and above`),
	]);
	await expect(log.limit.getByRole('option')).toHaveText(['200', '1,000', '10,000', 'All']);
	await expect(log.refresh.getByRole('option')).toHaveText([
		'Live',
		'every 1 s',
		'every 5 s',
		'every 10 s',
		'every 30 s',
		'Paused',
	]);
});

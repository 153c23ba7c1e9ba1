import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import type { App } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

const LINES = [
	line({ level: 'INFO', message: 'Report built', task_id: 'daily', extra: { status: 200 } }),
	line({ level: 'WARNING', message: 'Timeout of the store', task_id: 'daily' }),
	line({ level: 'ERROR', message: 'timeout, given up', task_id: 'sync' }),
	line({ level: 'CRITICAL', message: 'store lost', task_id: 'sync' }),
];

async function start(app: App): Promise<LogPage> {
	const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), LINES)));
	await log.says('4 matched');
	return log;
}

test('fields and values are completed by the keyboard and by the mouse @page', async ({ app }) => {
	const log = await start(app);
	await log.query.pressSequentially('tas');
	await expect(log.proposals.first()).toContainText('task_id');
	await expect(log.query).toHaveAttribute('aria-expanded', 'true');
	await log.query.press('ArrowDown');
	await expect(log.proposals.first()).toHaveAttribute('aria-selected', 'true');
	await log.query.press('Enter');
	await expect(log.query).toHaveValue('task_id:');
	await expect(log.proposals.filter({ hasText: 'daily' })).toContainText('2');
	await log.query.pressSequentially('sy');
	await expect(log.proposals).toHaveText([/^sync\s*2$/]);
	await log.query.press('Tab');
	await expect(log.query).toHaveValue('task_id:sync ');
	await log.says('2 matched');

	await log.query.pressSequentially('stat');
	await log.proposals.filter({ hasText: 'status' }).click();
	await expect(log.query).toHaveValue('task_id:sync status:');
	await expect(log.query).toBeFocused();
	await log.query.press('Escape');
	await expect(log.proposals.first()).toBeHidden();
	await log.query.press('Escape');
	await expect(log.grid).toBeFocused();
});

test('queries are found again', async ({ app }) => {
	const log = await start(app);
	await log.ask('timeout');
	await log.ask('level:INFO');
	await log.ask('timeout');
	await log.button('Clear query').click();
	await log.says('4 matched');
	await log.query.press('ArrowUp');
	await expect(log.proposals.nth(0)).toContainText('timeout');
	await expect(log.proposals.nth(1)).toContainText('level:INFO');
	await log.query.press('ArrowDown');
	await log.query.press('ArrowDown');
	await log.query.press('Enter');
	await expect(log.query).toHaveValue('level:INFO');
	await log.says('1 matched');
});

import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import type { App } from './fixtures.ts';
import { line, writeLog } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';

const LINES = [
	line({ level: 'DEBUG', message: 'looking for tasks', logger: 'asyncz.schedulers' }),
	line({ level: 'INFO', message: 'Report built', task_id: 'daily', extra: { status: 200 } }),
	line({
		level: 'WARNING',
		message: 'Timeout of the store',
		task_id: 'daily',
		extra: { status: 503 },
	}),
	line({
		level: 'ERROR',
		message: 'timeout after 10s, given up',
		task_id: 'sync',
		extra: { user: { id: 42 } },
	}),
	line({
		level: 'CRITICAL',
		message: 'read or write',
		task_id: 'sync',
		logger: 'asyncz.executors',
	}),
];

const BUILT = 'Report built';
const LOOKING = 'looking for tasks';
const OF_THE_STORE = 'Timeout of the store';
const GIVEN_UP = 'timeout after 10s, given up';
const READ_OR_WRITE = 'read or write';

async function start(app: App): Promise<LogPage> {
	const log = new LogPage(await app.start(writeLog(join(app.folder, 'a.jsonl'), LINES)));
	await log.says('5 matched');
	return log;
}

test('every kind of question is asked in one line @page', async ({ app }) => {
	const log = await start(app);
	for (const [query, ...messages] of [
		['timeout', GIVEN_UP, OF_THE_STORE],
		['"of the"', OF_THE_STORE],
		['read or write', READ_OR_WRITE],
		['level:>=error', READ_OR_WRITE, GIVEN_UP],
		['task:daily -level:INFO', OF_THE_STORE],
		['logger:asyncz.exec*', READ_OR_WRITE],
		['status>=500', OF_THE_STORE],
		['status:[100 TO 299]', BUILT],
		['user.id:42', GIVEN_UP],
		['has:status -status:503', BUILT],
		['message:/timeout AFTER \\d+s/i', GIVEN_UP],
		['level:(DEBUG OR INFO)', BUILT, LOOKING],
		['task:sync AND NOT timeout', READ_OR_WRITE],
		['is:error task_id=sync', READ_OR_WRITE, GIVEN_UP],
		['ts:>2001-01-01 report', BUILT],
	] as const) {
		await test.step(query, async () => {
			await log.ask(query);
			await log.says(`${messages.length} matched`);
			await expect.poll(() => log.visibleMessages()).toEqual(messages);
		});
	}
	await log.ask('timeout 10s');
	await expect(log.rowAt(1).locator('mark')).toHaveText(['timeout', '10s']);
});

test('a query that cannot be read is searched as text, and says why and where @page', async ({
	app,
}) => {
	const log = await start(app);
	const { page } = log;
	await log.ask('level:error "given up');
	const note = page.getByRole('note', { name: 'Searched as text' });
	await expect(note).toContainText('This quote is not closed.');
	await expect(note.locator('.place')).toHaveText('"given up');
	await expect(log.query).toHaveAttribute('aria-invalid', 'true');
	await expect(log.query).toHaveAccessibleDescription(/This quote is not closed\./);
	await expect(page.getByText('Text', { exact: true })).toBeVisible();
	await log.says('0 matched');
	await note.getByRole('button', { name: 'Use level:error "given up"' }).click();
	await expect(log.query).toHaveValue('level:error "given up"');
	await expect(note).toBeHidden();
	await log.says('1 matched');
});

test('the fields and the query are one @page', async ({ app }) => {
	const log = await start(app);
	await log.taskId.fill('daily');
	await log.level.selectOption('WARNING and above');
	await log.search.fill('of the store');
	await expect(log.query).toHaveValue('task_id=daily level:>=WARNING "of the store"');
	await log.says('1 matched');

	await log.ask('level:INFO task_id=daily report');
	await expect(log.taskId).toHaveValue('daily');
	await expect(log.level).toHaveValue('INFO');
	await expect(log.search).toHaveValue('report');
	await log.ask('level:(INFO OR DEBUG)');
	await expect(log.level).toHaveValue('several');
	await expect(log.taskId).toHaveValue('');
	await log.level.selectOption('Any');
	await expect(log.query).toHaveValue('');
	await log.says('5 matched');
});

test('what was clicked can be taken away, turned round and edited @page', async ({ app }) => {
	const log = await start(app);
	await log.page.getByRole('button', { name: /^a\.jsonl \d/ }).click();
	await expect(log.query).toHaveValue('source:a.jsonl');
	await expect(log.chip('Source: a.jsonl')).toBeVisible();
	await log.button('Turn round: Source: a.jsonl').click();
	await expect(log.query).toHaveValue('-source:a.jsonl');
	await log.says('0 matched');
	await log.ask('-source:a.jsonl -source:a.jsonl');
	await expect(log.chip('-source:a.jsonl')).toHaveCount(2);
	await log.chip('-source:a.jsonl').last().click();
	await expect(log.query).toHaveValue('-source:a.jsonl');
	await log.button('Edit filter: -source:a.jsonl').click();
	await expect(log.query).toBeFocused();
	await log.page.keyboard.type('timeout');
	await expect(log.query).toHaveValue('timeout');
	await expect(log.chip('-source:a.jsonl')).toBeHidden();
	await log.says('2 matched');
});

test('each change of the view can be taken back @page', async ({ app }) => {
	const log = await start(app);
	const undo = log.button('Undo');
	const redo = log.button('Redo');
	await expect(undo).toBeDisabled();
	await log.query.pressSequentially('timeout');
	await log.says('2 matched');
	await log.level.selectOption('ERROR');
	await log.says('1 matched');
	await undo.click();
	await expect(log.query).toHaveValue('timeout');
	await expect(log.level).toHaveValue('');
	await undo.click();
	await expect(log.query).toHaveValue('');
	await expect(undo).toBeDisabled();
	await log.says('5 matched');
	await redo.click();
	await redo.click();
	await expect(log.query).toHaveValue('timeout level:ERROR');
	await log.says('1 matched');
});

test('the query is there again after a reload', async ({ app }) => {
	const log = await start(app);
	await log.ask('task:daily status>=500');
	await log.says('1 matched');
	await log.page.reload();
	await expect(log.query).toHaveValue('task:daily status>=500');
	await log.says('1 matched');
});

import { join } from 'node:path';
import { startPostgres } from '../support/postgres-server.ts';
import { RedisServer } from '../support/redis-server.ts';
import { expect, test } from './fixtures.ts';
import { ExportDialog } from './pages/export-dialog.ts';
import { writeEntries } from './pages/log-file.ts';
import { LogPage } from './pages/log-page.ts';
import { SidePanel } from './pages/side-panel.ts';
import { StorageDialog } from './pages/storage-dialog.ts';

/** A server is started for each of them, beside the app. */
test.setTimeout(180_000);

const SECRET = 'tr0ub4dor:&3@/?';

/** What nodes write in the form of AsyncZ's sample: a table without a key of its own. */
const TABLE = `CREATE TABLE asyncz_logs (ts timestamptz, level text, message text, logger text, task_id text, extra jsonb);
INSERT INTO asyncz_logs SELECT timestamptz '2026-11-22 10:00:00Z' + n * interval '1 second',
	CASE WHEN n % 5 = 0 THEN 'error' ELSE 'info' END, 'of another node ' || n, 'asyncz.executors', 'sync',
	jsonb_build_object('attempt', n) FROM generate_series(1, 250) n`;

test('a table of PostgreSQL that others fill is shown, followed, exported, and found again', async ({
	app,
}) => {
	const server = await startPostgres();
	try {
		await server.run(TABLE);
		const page = await app.start(writeEntries(join(app.folder, 'a.jsonl'), 3));
		const log = new LogPage(page);
		await log.says('3 stored');
		const storage = await StorageDialog.open(log);
		await storage.paste(`postgres://postgres:${encodeURIComponent(SECRET)}@127.0.0.1:1/postgres`);
		await storage.field('Port').fill(String(server.port));
		await expect(storage.address).toHaveValue(server.address());
		await storage.button('Test connection').click();
		await expect(storage.passed).toContainText('250 entries');
		await expect(
			storage.dialog.getByText('Others may write to it at the same time.'),
		).toBeVisible();
		await storage.button('Use for the table').click();
		await expect(storage.used('Postgres')).toContainText('It works.');
		await page.keyboard.press('Escape');
		await log.shows('250 stored');
		await expect(log.rowAt(1)).toContainText('of another node 250');

		await log.ask('level:error attempt>=200');
		await log.says('11 matched');
		await log.rowAt(1).click();
		await page.keyboard.press('Enter');
		await expect(log.details).toContainText('of another node 250');
		await expect(log.details).toContainText('attempt');
		await expect(log.details).toContainText('Postgres asyncz_logs at 127.0.0.1');
		const dialog = new ExportDialog(app, log);
		await dialog.open();
		const lines = await dialog.lines();
		expect(lines).toHaveLength(11);
		expect(JSON.parse(lines[10] ?? '')).toMatchObject({
			message: 'of another node 250',
			task_id: 'sync',
			extra: { attempt: 250 },
		});

		await log.button('Reset').click();
		await log.says('250 matched');
		const add = (message: string): Promise<void> =>
			server.run(
				`INSERT INTO asyncz_logs VALUES (now(), 'warning', '${message}', 'a', NULL, NULL)`,
			);
		await add('while the app looks');
		await expect(log.row('while the app looks')).toBeVisible();

		await server.stop();
		const trouble = page.getByRole('alert').filter({ hasText: 'Postgres asyncz_logs' });
		await expect(trouble).toBeVisible({ timeout: 30_000 });
		await expect(log.row('while the app looks')).toBeVisible();
		await server.start();
		await add('after it was away');
		await expect(log.row('after it was away')).toBeVisible({ timeout: 60_000 });
		await expect(trouble).toBeHidden();
		expect(await page.content()).not.toContain(SECRET);
	} finally {
		await server.remove();
	}
});

test('pause, views, the refresh, details and exports are the same over a table of PostgreSQL @page', async ({
	app,
}) => {
	const server = await startPostgres();
	try {
		await server.run(TABLE);
		await server.run('ALTER TABLE asyncz_logs ADD id bigint GENERATED ALWAYS AS IDENTITY UNIQUE');
		const page = await app.start();
		const log = new LogPage(page);
		const levels = new SidePanel(page);
		const storage = await StorageDialog.open(log);
		await storage.paste(server.address());
		await storage.button('Use for the table').click();
		await expect(storage.used('Postgres')).toContainText('It works.');
		await page.keyboard.press('Escape');
		await log.shows('250 stored', '250 matched');
		const add = (level: string, message: string): Promise<void> =>
			server.run(
				`INSERT INTO asyncz_logs VALUES (now(), '${level}', '${message}', 'a', NULL, '{"by": "${message}"}')`,
			);

		// A pause is one moment, also for another question and for what is written out.
		await levels.lists('Level', ['ERROR, 50 entries', 'INFO, 200 entries']);
		await log.button('Pause').click();
		await add('error', 'while it is paused');
		await expect(log.pill).toHaveText(/1 new\s*·\s*1 error/);
		await log.says('251 stored', '250 matched');
		await log.ask('level:error');
		await log.says('50 matched');
		await expect(log.rowAt(1)).toContainText('of another node 250');
		const dialog = new ExportDialog(app, log);
		await dialog.open();
		expect(await dialog.lines()).toHaveLength(50);
		await page.keyboard.press('Control+s');
		const naming = page.getByRole('dialog', { name: 'Save view' });
		await naming.getByRole('textbox', { name: 'Name' }).fill('Failures');
		await naming.getByRole('button', { name: 'Save' }).click();
		await log.button('Resume').click();
		await expect(log.rowAt(1)).toContainText('while it is paused');
		await log.rowAt(1).click({ position: { x: 40, y: 8 } });
		await page.keyboard.press('Enter');
		await expect(log.details).toContainText('by: "while it is paused"');
		await page.keyboard.press('Escape');

		// Every ten seconds, and at once again when it is live.
		await log.button('Reset').click();
		await log.says('251 matched');
		await levels.lists('Level', ['ERROR, 51 entries', 'INFO, 200 entries']);
		await page.clock.install();
		await log.refresh.selectOption('10s');
		await page.clock.runFor(1_000);
		await add('error', 'for the next look');
		await log.says('252 stored', '251 matched');
		await page.clock.runFor(10_000);
		await expect(log.rowAt(1)).toContainText('for the next look');
		await log.refresh.selectOption('live');
		await page.clock.resume();
		await add('info', 'as it comes');
		await expect(log.rowAt(1)).toContainText('as it comes');

		// A view is as of now.
		await page
			.getByRole('region', { name: 'Saved views' })
			.getByRole('button', { name: /^Failures/ })
			.click();
		await log.says('52 matched');
		await expect(log.rowAt(1)).toContainText('for the next look');
		await dialog.open();
		const lines = await dialog.lines();
		expect(lines).toHaveLength(52);
		expect(lines.at(-1)).toContain('for the next look');
	} finally {
		await server.remove();
	}
});

test('a stream of Redis with a password is shown, and gets what is read @page', async ({ app }) => {
	const server = await RedisServer.start({ password: SECRET, appendonly: true });
	try {
		const add = (message: string) =>
			server.do(
				'XADD',
				'asyncz:logs',
				'*',
				...Object.entries({
					ts: '2026-11-22T10:00:00+00:00',
					level: 'WARNING',
					message,
					logger: 'asyncz.nodes',
					task_id: 'nightly',
					extra: '{"n": 1}',
				}).flat(),
			);
		await add('of a node');
		const page = await app.start(writeEntries(join(app.folder, 'a.jsonl'), 20));
		const log = new LogPage(page);
		await log.says('20 stored');
		const storage = await StorageDialog.open(log);
		await storage.paste(server.address());
		await storage.button('Test connection').click();
		await expect(storage.refused).toContainText('wants a password');
		await storage.password.fill('wrong');
		await storage.button('Test connection').click();
		await expect(storage.refused).toContainText('refuses the password');
		await storage.password.fill(SECRET);
		await storage.button('Test connection').click();
		await expect(storage.passed).toContainText('1 entry');
		await storage.dialog.getByRole('checkbox', { name: 'Also send the 20 entries' }).check();
		await storage.button('Use for the table').click();
		await expect(storage.used('Redis')).toContainText('21 entries');
		await page.keyboard.press('Escape');
		await log.shows('21 stored');
		expect(await server.do('XLEN', 'asyncz:logs')).toBe(21);
		await log.ask('task:nightly');
		await log.shows('1 matched');
		await log.row('of a node').click();
		await page.keyboard.press('Enter');
		await expect(log.details).toContainText('asyncz.nodes');
		await add('a second one');
		await expect(log.row('a second one')).toBeVisible();

		await server.kill();
		const trouble = page.getByRole('alert').filter({ hasText: 'Redis asyncz:logs' });
		await expect(trouble).toBeVisible({ timeout: 30_000 });
		await server.start();
		await add('after it was away');
		await expect(log.row('after it was away')).toBeVisible({ timeout: 60_000 });
		await expect(trouble).toBeHidden();
		expect(await page.content()).not.toContain(SECRET);
	} finally {
		await server.remove();
	}
});

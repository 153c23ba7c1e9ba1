import { expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../support/postgres-server.ts';
import { RedisServer } from '../support/redis-server.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';

async function check(storage: string) {
	const folder = temporaryFolder();
	const options = { cwd: folder, tmp: folder };
	const { code, stdout, stderr } = await runCommand(['check-storage', storage], options);
	const lines = stdout.toString().split('\n');
	return { code, stderr, failed: lines.filter((line) => line.startsWith('✗')), said: lines[1] };
}

test('PostgreSQL is checked in tables of its own, of which none is left', async () => {
	const server = await startPostgres();
	onTestFinished(() => server.remove());
	const database = await server.createDatabase();
	expect(await check(server.address(database))).toEqual({
		code: 0,
		stderr: '',
		failed: [],
		said: expect.stringMatching(/^Checked in tables of their own, asyncz_logs_check_\d+_…/),
	});
	const client = await server.connect(database);
	const { rows } = await client.query(
		`SELECT tablename FROM pg_tables WHERE tablename LIKE '%check%'`,
	);
	const { rows: writers } = await client.query('SELECT * FROM asyncz_companion_writers');
	await client.end();
	expect([rows, writers]).toEqual([[], []]);
}, 300_000);

test('Redis is checked in streams of its own, of which none is left', async () => {
	const server = await RedisServer.start();
	onTestFinished(() => server.remove());
	await server.do('XADD', 'asyncz:logs', '*', 'message', 'mine');
	expect(await check(server.address())).toMatchObject({ code: 0, stderr: '', failed: [] });
	expect(await server.do('KEYS', '*')).toEqual(['asyncz:logs']);
	expect(await server.do('XLEN', 'asyncz:logs')).toBe(1);
}, 300_000);

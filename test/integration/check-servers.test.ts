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
	await server.run('CREATE SCHEMA "My logs"', database);
	const query = `?table=${encodeURIComponent('"My logs"."Entries of a long name, kept for all"')}`;
	expect(await check(server.address(database, { query }))).toEqual({
		code: 0,
		stderr: '',
		failed: [],
		said: expect.stringMatching(/^Checked in tables of their own, Entries.*_check_\d+_…/),
	});
	const client = await server.connect(database);
	const { rows } = await client.query(
		`SELECT relname FROM pg_class WHERE relnamespace IN ('public'::regnamespace, '"My logs"'::regnamespace)`,
	);
	await client.end();
	expect(rows).toEqual([]);
}, 300_000);

test('Redis is checked in streams of its own, of which none is left', async () => {
	const server = await RedisServer.start();
	onTestFinished(() => server.remove());
	await server.do('XADD', 'asyncz:logs', '*', 'message', 'mine');
	expect(await check(server.address())).toMatchObject({ code: 0, stderr: '', failed: [] });
	expect(await server.do('KEYS', '*')).toEqual(['asyncz:logs']);
	expect(await server.do('XLEN', 'asyncz:logs')).toBe(1);
}, 300_000);

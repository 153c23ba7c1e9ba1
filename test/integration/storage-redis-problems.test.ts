import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RedisServerOptions } from '../support/redis-server.ts';
import { root } from '../support/hosts/test-host.ts';
import { freePort, RedisServer } from '../support/redis-server.ts';
import { openRedis, openRedisAt } from '../support/open-redis.ts';
import { allEntries } from '../support/storage-pairs.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'Wort:mit/allem@?&%41';

async function serverOfTest(options: RedisServerOptions = {}): Promise<RedisServer> {
	const server = await RedisServer.start(options);
	onTestFinished(() => server.remove());
	return server;
}

const ENTRY = { ts: 1, level: 'INFO', message: 'm', logger: 'app' };

/** What a call rejects with: a sentence about the server, without a password. */
async function problemOf(promise: Promise<unknown>): Promise<string> {
	const error: unknown = await promise.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	expect(error).toMatchObject({ code: 'storage-failed' });
	const message = error instanceof Error ? error.message : '';
	expect(message).not.toContain(PASSWORD);
	expect(JSON.stringify(error)).not.toContain(PASSWORD);
	return message.replace(/127\.0\.0\.1:\d+/g, 'HOST');
}

describe('passwords', () => {
	test('none where one is wanted, a wrong one, and the right one', async () => {
		const server = await serverOfTest({ password: PASSWORD });
		expect(await problemOf(openRedis(server))).toBe(
			'Redis at HOST wants a password: enter it in Settings → Storage → Password.',
		);
		expect(await problemOf(openRedis(server, '', `${PASSWORD}x`))).toBe(
			'Redis at HOST refuses the password: enter it anew in Settings → Storage → Password, and check the user in the address.',
		);
		const storage = await openRedis(server, '', PASSWORD);
		await storage.append([ENTRY]);
		expect(await storage.stats()).toMatchObject({ size: 1 });
		await storage.close();
	});

	test('one where none is wanted', async () => {
		const server = await serverOfTest();
		expect(await problemOf(openRedis(server, '', PASSWORD))).toBe(
			'Redis at HOST knows no passwords: leave it away, or forget the one that is kept in Settings → Storage → Password.',
		);
	});

	test('of a user, and what that user may not do', async () => {
		const server = await serverOfTest();
		await server.do(
			'ACL',
			'SETUSER',
			'reader',
			'on',
			`>${PASSWORD}`,
			'~asyncz:*',
			'+@read',
			'+info',
		);
		const at = (key: string) => `redis://reader@127.0.0.1:${server.port}/0?key=${key}`;
		expect(await problemOf(openRedisAt(at('asyncz:logs')))).toMatch(
			/^Redis at HOST (?:wants no such login for reader|wants a password)/,
		);
		expect(await problemOf(openRedisAt(at('asyncz:logs'), 'other'))).toBe(
			'Redis at HOST refuses the password for reader: enter it anew in Settings → Storage → Password, and check the user in the address.',
		);
		const storage = await openRedisAt(at('asyncz:logs'), PASSWORD);
		expect(await allEntries(storage)).toEqual([]);
		expect(storage.abilities.hints?.[0]).toMatch(/does not allow to be asked/);
		expect(await problemOf(storage.append([ENTRY]))).toMatch(
			/^Redis at HOST does not allow the command XADD for reader: let an administrator permit it/,
		);
		await storage.close();
		expect(await problemOf(openRedisAt(at('other'), PASSWORD))).toMatch(
			/^Redis at HOST does not allow access to other for reader: /,
		);
	});
});

describe('what is not there', () => {
	test('a server, a host, a socket and a database', async () => {
		const port = await freePort();
		expect(await problemOf(openRedisAt(`redis://127.0.0.1:${port}/0`))).toBe(
			"Redis at HOST can't be reached, nobody listens there: start it, or check host and port.",
		);
		expect(await problemOf(openRedisAt('redis://nowhere.invalid/0'))).toMatch(
			/^Redis at nowhere\.invalid:6379 can't be reached, there is no host of this name/,
		);
		expect(await problemOf(openRedisAt('redis:///0?host=/nowhere/redis.sock'))).toBe(
			"Redis at /nowhere/redis.sock can't be reached, there is no such socket: start it, or check the path.",
		);
		const server = await serverOfTest();
		expect(await problemOf(openRedisAt(`redis://127.0.0.1:${server.port}/99`))).toMatch(
			/^Redis at HOST has no database 99: /,
		);
	});

	test('commands of streams', async () => {
		const server = await serverOfTest({ settings: ['--rename-command', 'XADD', ''] });
		const storage = await openRedis(server);
		expect(await problemOf(storage.append([ENTRY]))).toMatch(
			/^Redis at HOST does not know a command that streams need: it is older than Redis 5\.0, or/,
		);
		await storage.close();
	});

	test('a stream under the key', async () => {
		const server = await serverOfTest();
		await server.do('RPUSH', 'asyncz:logs', 'x');
		const sentence =
			/^asyncz:logs in Redis at HOST is no stream but something else: choose another/;
		expect(await problemOf(openRedis(server))).toMatch(sentence);
		const storage = await openRedis(server, '?key=later');
		await server.do('SET', 'later', 'x');
		expect(await problemOf(storage.append([ENTRY]))).toMatch(
			/^later in Redis at HOST is no stream/,
		);
		expect(await problemOf(allEntries(storage))).toMatch(/^later in Redis at HOST is no stream/);
		expect(await problemOf(storage.stats())).toMatch(/^later in Redis at HOST is no stream/);
		await storage.close();
	});
});

describe('TLS', () => {
	test('where the server has none', async () => {
		const server = await serverOfTest();
		expect(await problemOf(openRedisAt(`rediss://127.0.0.1:${server.port}/0`))).toMatch(
			/^Redis at HOST can't be reached, it does not answer, or not in TLS: check that it runs and speaks TLS/,
		);
	});

	test('with a certificate that nobody vouches for, none where it is wanted, and a trusted one', async () => {
		const port = await freePort();
		const [cert = '', secret = ''] = ['server.crt', 'server.key'].map((name) =>
			join(root, 'test', 'fixtures', 'tls', name),
		);
		await serverOfTest({
			settings: [
				'--tls-port',
				String(port),
				'--tls-cert-file',
				cert,
				'--tls-key-file',
				secret,
				'--tls-auth-clients',
				'no',
				'--tls-ca-cert-file',
				cert,
			],
		});
		expect(await problemOf(openRedisAt(`rediss://127.0.0.1:${port}/0`))).toMatch(
			/^Redis at HOST has a certificate that is not trusted \(.*self-signed.*\): let NODE_EXTRA_CA_CERTS/,
		);
		expect(await problemOf(openRedisAt(`redis://127.0.0.1:${port}/0`))).toMatch(
			/^Redis at HOST ended the connection: it was stopped or restarted, or it speaks TLS alone \(rediss:\/\/\)/,
		);
		const trusted = getCACertificates('default');
		onTestFinished(() => setDefaultCACertificates(trusted));
		setDefaultCACertificates([...trusted, readFileSync(cert, 'utf8')]);
		for (const host of ['localhost', '127.0.0.1']) {
			const storage = await openRedisAt(`rediss://${host}:${port}/0`);
			await storage.append([ENTRY]);
			await storage.close();
		}
	});
});

describe('a server that stores nothing', () => {
	test('because its memory is full', async () => {
		const server = await serverOfTest();
		const storage = await openRedis(server);
		await server.do('CONFIG', 'SET', 'maxmemory', '1');
		expect(await problemOf(storage.append([ENTRY]))).toMatch(
			/^Redis at HOST is out of memory \(maxmemory\) and stores nothing: /,
		);
		await server.do('CONFIG', 'SET', 'maxmemory', '0');
		await storage.append([ENTRY]);
		expect(await allEntries(storage)).toHaveLength(1);
		await storage.close();
	});

	test('from the middle of a batch on: what it has is not added again', async () => {
		const server = await serverOfTest();
		const storage = await openRedis(server, '?maxlen=1000000');
		const memory = /used_memory:(\d+)/.exec(String(await server.do('INFO', 'memory')))?.[1];
		await server.do('CONFIG', 'SET', 'maxmemory', String(Number(memory) + 1_500_000));
		const batch = Array.from({ length: 5_000 }, (_, number) => ({
			...ENTRY,
			message: `${number} ${'x'.repeat(500)}`,
			origin: { writer: 'w', number },
		}));
		for (let offered = 0; offered < 3; offered++) {
			expect(await problemOf(storage.append(batch))).toMatch(/is out of memory/);
		}
		const there = Number(await server.do('XLEN', 'asyncz:logs'));
		expect(there).toBeGreaterThan(0);
		expect(there).toBeLessThan(5_000);
		await server.do('CONFIG', 'SET', 'maxmemory', '0');
		await storage.append(batch);
		expect(await server.do('XLEN', 'asyncz:logs')).toBe(5_000);
		expect(new Set((await allEntries(storage)).map(({ message }) => message)).size).toBe(5_000);
		await storage.close();
	});

	test('because it can’t write to its disk', async () => {
		const server = await serverOfTest({ settings: ['--save', '3600 1'] });
		const storage = await openRedis(server);
		mkdirSync(join(server.folder, 'data', 'dump.rdb'));
		await storage.append([ENTRY]);
		await server.do('BGSAVE');
		await until('the failure', async () =>
			String(await server.do('INFO', 'persistence')).includes('rdb_last_bgsave_status:err'),
		);
		expect(await problemOf(storage.append([ENTRY]))).toMatch(
			/^Redis at HOST can't write its snapshot to the disk and stores nothing until it can: /,
		);
		await storage.close();
	});

	test('because it is a replica: it says so before, and can be read', async () => {
		const primary = await serverOfTest();
		const replica = await serverOfTest({
			settings: ['--replicaof', '127.0.0.1', String(primary.port)],
		});
		const atPrimary = await openRedis(primary);
		await atPrimary.append([ENTRY]);
		const storage = await openRedis(replica);
		expect(storage.abilities.readOnly).toBe(
			`Redis at 127.0.0.1:${replica.port} is a read-only replica: entries can be stored only at its primary, 127.0.0.1:${primary.port}. Use that address.`,
		);
		await until('the entry', async () => (await allEntries(storage)).length === 1);
		expect(await problemOf(storage.append([ENTRY]))).toMatch(
			/^Redis at HOST is a read-only replica: /,
		);
		await storage.close();
		await atPrimary.close();
	});

	test('because it is part of a cluster that is not whole', async () => {
		const server = await serverOfTest({ settings: ['--cluster-enabled', 'yes'] });
		expect(await problemOf(openRedis(server))).toMatch(/^Redis at HOST can't store at the moment/);
	});
});

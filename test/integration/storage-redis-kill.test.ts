import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TEST_SCALE } from '../support/entries.ts';
import { root } from '../support/hosts/test-host.ts';
import { openRedis } from '../support/open-redis.ts';
import { pythonWithRedis, SEED_STORAGE } from '../support/python-redis.ts';
import { RedisServer } from '../support/redis-server.ts';
import { allEntries } from '../support/storage-pairs.ts';
import { ToldFollower } from '../support/told-follower.ts';
import { until } from '../support/until.ts';

const KILLS = 3 * TEST_SCALE;

/** As many are acknowledged to each writer between two kills. */
const BETWEEN = 60;

const OPTIONS = '?maxlen=1000000';

/** A node with the seed's storage: it goes on with the next entry where one was refused. */
const PYTHON_NODE = `${SEED_STORAGE}
import sys, threading, time
port, writer = sys.argv[1:]
is_over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), is_over.set()), daemon=True).start()
storage = RedisLogStorage(f"redis://127.0.0.1:{port}", maxlen=1_000_000)
number = 0
while not is_over.is_set():
    try:
        storage.append(LogEntry(datetime.now(timezone.utc), "INFO", f"{writer} {number}", "app", "task"))
        print(number, flush=True)
    except redis.RedisError:
        time.sleep(0.02)
    number += 1
    time.sleep(0.001)
`;

class Writer {
	readonly name: string;
	/** What it printed: its acknowledgements. */
	readonly printed: number[] = [];
	readonly #child: ChildProcess;

	constructor(name: string, command: string, args: readonly string[]) {
		this.name = name;
		this.#child = spawn(command, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
		onTestFinished(() => void this.#child.kill('SIGKILL'));
		let rest = '';
		this.#child.stdout?.on('data', (chunk: Buffer) => {
			const lines = `${rest}${chunk.toString()}`.split('\n');
			rest = lines.pop() ?? '';
			this.printed.push(...lines.map(Number));
		});
	}

	/** Ends its input, and resolves with its exit code. */
	async end(): Promise<unknown> {
		const ended = once(this.#child, 'close');
		this.#child.stdin?.end();
		const [code] = (await ended) as readonly unknown[];
		return code;
	}
}

test('four writers, two of them Python, and a server that is killed: nothing acknowledged is lost, nothing shows twice', async () => {
	const server = await RedisServer.start({ appendonly: true });
	onTestFinished(() => server.remove());
	const { python } = pythonWithRedis();
	const script = join('test', 'support', 'redis-writer.ts');
	const ours = ['ours-1', 'ours-2'].map(
		(name) => new Writer(name, process.execPath, [script, server.address(OPTIONS), name]),
	);
	const nodes = ['node-1', 'node-2'].map(
		(name) => new Writer(name, python, ['-c', PYTHON_NODE, String(server.port), name]),
	);
	const writers = [...ours, ...nodes];
	const storage = await openRedis(server, OPTIONS);
	onTestFinished(() => storage.close());
	const told = new ToldFollower();
	await storage.follow(told);

	for (let kill = 0; kill <= KILLS; kill++) {
		const counts = writers.map(({ printed }) => printed.length);
		await until(
			'acknowledgements of all',
			() =>
				writers.every(
					({ printed, name }, index) =>
						printed.length >= (counts[index] ?? 0) + (name.startsWith('ours') ? 5 : BETWEEN),
				),
			{ deadlineMs: 60_000, instead: () => writers.map(({ printed }) => printed.length) },
		);
		if (kill < KILLS) {
			await server.kill();
			await server.start();
		}
	}
	const codes = await Promise.all(writers.map((writer) => writer.end()));
	expect(codes).toEqual([0, 0, 0, 0]);

	const shown = await allEntries(storage);
	const messages = new Set(shown.map(({ message }) => message));
	// Python's client may try again by itself, and its entries have nothing to be recognised by.
	const oursShown = shown.filter(({ message }) => message.startsWith('ours'));
	expect(new Set(oursShown.map(({ message }) => message)).size).toBe(oursShown.length);
	for (const { name, printed } of ours) {
		// What was offered last may be there without having been acknowledged.
		const acknowledged = printed.at(-1) ?? 0;
		const expected = Array.from({ length: acknowledged }, (_, number) => `${name} ${number}`);
		expect(expected.filter((message) => !messages.has(message))).toEqual([]);
	}
	for (const { name, printed } of nodes) {
		const expected = printed.map((number) => `${name} ${number}`);
		expect(expected.filter((message) => !messages.has(message))).toEqual([]);
	}
	await until('all to be told', () => told.entries.length >= shown.length, { deadlineMs: 30_000 });
	expect(told.entries.map(({ id }) => id)).toEqual(shown.map(({ id }) => id).toReversed());
	await until('its trouble to end', () => told.problems.at(-1) === undefined);
}, 240_000);

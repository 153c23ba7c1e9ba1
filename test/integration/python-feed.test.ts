import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { firstDifference, Random, TEST_SCALE } from '../support/entries.ts';
import { startFeedsThread } from '../support/feeds-thread.ts';
import { PYTHON_PACKAGE, findPython } from '../support/python-env.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';
import { linesOf } from '../unit/feeds/feed-rig.ts';

const KILLS = 20 * TEST_SCALE;

/** Logs numbers until its input ends, then says how many and whether all were delivered. */
const PROGRAM = `
import logging, sys, threading, time
from asyncz_companion import CompanionServer, install_companion
way, address = sys.argv[1:]
place = CompanionServer(address, source="worker-1", max_records=1_000_000) if way == "serve" else address
handler = install_companion(address=place, source="worker-1", max_records=1_000_000)
log = logging.getLogger("asyncz.task")
is_over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), is_over.set()), daemon=True).start()
count = 0
while not is_over.is_set():
    for _ in range(5):
        count += 1
        log.info("%d", count)
    time.sleep(0.01)
print(count, handler.outlet.flush(60), flush=True)
`;

/** A scheduler's process that logs all the time. */
function startSender(way: 'send' | 'serve', address: string) {
	const child = spawn(findPython(), ['-c', PROGRAM, way, address], {
		env: { ...process.env, PYTHONPATH: PYTHON_PACKAGE, PYTHONDONTWRITEBYTECODE: '1' },
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	let printed = '';
	child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
	return { child, printed: () => printed };
}

/** Waits until so many bytes more are in the journals. */
async function untilMore(folder: string, bytes: number): Promise<void> {
	const enough = journalBytes(folder) + bytes;
	await until('more lines', () => journalBytes(folder) >= enough, { deadlineMs: 60_000 });
}

function journalBytes(folder: string): number {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.jsonl'))
		.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

async function endOf(child: ChildProcess): Promise<void> {
	const ended = once(child, 'exit');
	child.stdin?.end();
	await ended;
}

test.each(['send', 'serve'] as const)(
	'the receiver is killed again and again while Python logs (%s): each record is there once',
	async (way) => {
		const random = new Random(11);
		const base = temporaryFolder();
		const folder = join(base, 'feeds');
		const address = `unix:${join(base, 'feed.sock')}`;
		mkdirSync(folder);
		const config = {
			folder,
			listen: way === 'send' ? [address] : [],
			connect: way === 'serve' ? [address] : [],
		};
		const { child, printed } = startSender(way, address);
		let next = startFeedsThread();
		for (let kill = 0; kill < KILLS; kill++) {
			const { worker, api } = next;
			next = startFeedsThread(); // it takes a while
			await api.configure(config);
			await untilMore(folder, 1 + random.below(10_000));
			await worker.terminate();
		}
		const { worker, api } = next;
		onTestFinished(() => void worker.terminate());
		await api.configure(config);
		await untilMore(folder, 1);
		await endOf(child);
		const [count, isDelivered] = printed().trim().split(' ');
		await api.close({});
		const messages = linesOf(folder, 'worker-1').map(
			(line) => (JSON.parse(line) as { message?: string }).message ?? line,
		);
		const expected = Array.from({ length: Number(count) }, (_, index) => String(index + 1));
		expect(isDelivered).toBe('True');
		expect(expected.length).toBeGreaterThan(KILLS);
		expect(firstDifference(messages, expected)).toBeUndefined();
	},
	240_000 * TEST_SCALE,
);

/**
 * A process of its own that appends stamped lines: `write-stamped.ts FILE`, forked; to a unix socket
 * it sends them. It does what it is told by messages (`WriterOrder`) and answers each with a
 * `WriterReport`.
 */
import { once } from 'node:events';
import { openSync, statSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createStampedLines } from './stamped-lines.ts';
import type { WriterOrder, WriterReport } from './stamped-writer.ts';

const TICK_MS = 5;
const LINES_AT_ONCE = 2_000;

const [path] = process.argv.slice(2);
if (path === undefined) {
	throw new Error('write-stamped.ts FILE');
}
const isSocket = statSync(path).isSocket();
const socket = isSocket ? connect(path) : undefined;
const file = isSocket ? -1 : openSync(path, 'a');
const line = createStampedLines();
let written = 0;

/** Stamps and writes the lines up to number `end`. */
async function write(end: number): Promise<void> {
	while (written < end) {
		const upTo = Math.min(written + LINES_AT_ONCE, end);
		const now = Date.now();
		let text = '';
		for (; written < upTo; written++) {
			text += line(written, now);
		}
		if (socket === undefined) {
			writeSync(file, text);
		} else if (!socket.write(text)) {
			await once(socket, 'drain');
		}
	}
}

async function writeSteadily(rate: number, seconds: number): Promise<WriterReport> {
	const batches: WriterReport['batches'][number][] = [];
	const first = written;
	const total = Math.round(rate * seconds);
	const started = performance.now();
	while (written < first + total) {
		const due = Math.floor(((performance.now() - started) * rate) / 1_000);
		const end = first + Math.min(due, total);
		if (end > written) {
			const stamped = Date.now();
			await write(end);
			batches.push({ stamped, end });
		}
		await delay(TICK_MS);
	}
	return { written, batches, seconds: (performance.now() - started) / 1_000 };
}

process.on('message', async (order: WriterOrder) => {
	if ('rate' in order) {
		process.send?.(await writeSteadily(order.rate, order.seconds));
	} else {
		await write(order.end);
		process.send?.({ written, batches: [], seconds: 0 } satisfies WriterReport);
	}
});
process.on('disconnect', () => process.exit(0));

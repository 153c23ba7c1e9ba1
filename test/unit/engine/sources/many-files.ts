import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFollower } from '#engine/sources/log-follower.ts';
import { until } from '../../../support/until.ts';
import { FakeSink } from './fake-sink.ts';

/** Follows 2,000 files in a process that may open few; prints what it read and how busy it was. */
const COUNT = 2_000;
const folder = mkdtempSync(join(tmpdir(), 'asyncz-companion-'));
const paths = Array.from({ length: COUNT }, (_, n) => join(folder, `worker-${n}.log`));
paths.forEach((path, n) => writeFileSync(path, `first of ${n}\n`));
const sink = new FakeSink();
let lines = 0;
sink.onAppend = () => {
	lines++;
};
let failed = 0;
const abort = new AbortController();
const follower = new LogFollower(
	{ type: 'folder', path: folder },
	{
		sink,
		watcher: false,
		scanMs: 500,
		onProgress: ({ files }) => {
			failed = files.filter(({ state }) => state === 'failed').length;
		},
	},
);
const done = follower.run(abort.signal);
try {
	await until('all first lines', () => lines === COUNT, {
		deadlineMs: 60_000,
		instead: () => lines,
	});
	paths.forEach((path, n) => appendFileSync(path, `second of ${n}\n`));
	await until('all second lines', () => lines === 2 * COUNT, {
		deadlineMs: 60_000,
		instead: () => lines,
	});
	process.stdout.write(JSON.stringify({ lines: new Set(sink.lines).size, failed }));
} finally {
	abort.abort();
	await done;
	rmSync(folder, { recursive: true });
}

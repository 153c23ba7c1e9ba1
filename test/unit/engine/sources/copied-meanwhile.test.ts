import { truncateSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { LogFollower } from '#engine/sources/log-follower.ts';
import { OpenFiles } from '#engine/sources/open-files.ts';
import type { SeenFile } from '#engine/sources/seen-file.ts';
import { FakeSink } from './fake-sink.ts';
import { newLog, numbered, textOf } from './followed-logs.ts';

/** Does something after a file was looked at and before its first bytes are read. */
class Interrupted extends OpenFiles {
	beforeRead: { readonly path: string; readonly act: () => void } | undefined;

	override async read(file: SeenFile, ...rest: [number, number, Buffer?]): Promise<Buffer> {
		const interruption = this.beforeRead;
		if (interruption?.path === file.path) {
			this.beforeRead = undefined;
			interruption.act();
		}
		return super.read(file, ...rest);
	}
}

test.each([
	['and written to again', ['after']],
	['and stays empty', []],
])('a log that is truncated while its copy is looked at %s is read once', async (_, after) => {
	const lines = numbered('a line of a log that is copied and truncated', 0, 2_000);
	const text = textOf(lines);
	const path = newLog(lines);
	const sink = new FakeSink();
	const open = new Interrupted();
	const follower = new LogFollower(
		{ type: 'file', path },
		{ sink, onProgress: () => {}, open, now: () => performance.now() },
	);
	onTestFinished(() => follower.close());
	while (await follower.step({ scan: true })) {
		// until all is read
	}
	expect(sink.lines.length).toBe(lines.length);

	const copy = `${path}.1`;
	writeFileSync(copy, text.slice(0, text.length / 2)); // the copy is half done when it is seen
	open.beforeRead = {
		path: copy,
		act: () => {
			writeFileSync(copy, text);
			truncateSync(path);
			writeFileSync(path, textOf(after));
		},
	};
	while (await follower.step({ scan: true })) {
		// until all is read
	}
	expect(open.beforeRead).toBeUndefined();
	await follower.step({ scan: true });
	expect(sink.lines).toEqual([...lines, ...after]);
	expect(sink.gaps).toEqual([]);
});

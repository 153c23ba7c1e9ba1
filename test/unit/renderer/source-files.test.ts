import { beforeEach, expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { EMPTY_LEDGER } from '#shared/model/source.ts';
import type { SourceFile } from '#shared/model/source.ts';
import { SourceFiles } from '../../../src/renderer/state/sources/source-files.svelte.ts';
import { ManualClock } from './support/manual-clock.ts';

const file: SourceFile = {
	id: 1,
	path: '/logs/a.jsonl',
	kind: 'plain',
	state: 'following',
	ledger: EMPTY_LEDGER,
};

let clock: ManualClock;
let askedAt: number[];
let answer: () => Promise<readonly SourceFile[]>;
let files: SourceFiles;

beforeEach(() => {
	clock = new ManualClock();
	askedAt = [];
	answer = async () => [file];
	const begun = clock.now();
	const getSourceFiles = ({ id }: { readonly id: number }) => {
		expect(id).toBe(7);
		askedAt.push(clock.now() - begun);
		return answer();
	};
	files = new SourceFiles({ getSourceFiles }, 7, clock);
});

test('asks at once, then at most every half second', async () => {
	files.changed();
	await clock.pass(0);
	expect([askedAt, files.list]).toEqual([[0], [file]]);
	for (let step = 0; step < 20; step++) {
		files.changed();
		await clock.pass(100);
	}
	expect(askedAt).toEqual([0, 500, 1_000, 1_500, 2_000]);
});

test('asks again when something changed while it waited for an answer', async () => {
	const answered = Promise.withResolvers<readonly SourceFile[]>();
	answer = () => answered.promise;
	files.changed();
	await clock.pass(0);
	files.changed();
	await clock.pass(2_000);
	expect(askedAt).toEqual([0]);
	answered.resolve([]);
	await clock.pass(0);
	expect(askedAt).toEqual([0, 2_000]);
});

test('asks no more once it is closed', async () => {
	files.changed();
	files.close();
	files.changed();
	await clock.pass(2_000);
	expect(askedAt).toEqual([]);
});

test('says what failed until it works again; a lost connection is said elsewhere', async () => {
	answer = () => Promise.reject(new AppError('storage-failed', 'The disk is full.'));
	files.changed();
	await clock.pass(0);
	expect(files.problem).toBe('The disk is full.');
	answer = async () => [file];
	files.changed();
	await clock.pass(500);
	expect([files.problem, files.list]).toEqual([undefined, [file]]);
	answer = () => Promise.reject(new AppError('closed', 'gone'));
	files.changed();
	await clock.pass(500);
	expect([files.problem, files.list]).toEqual([undefined, [file]]);
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { LogEntry } from '#shared/model/entry.ts';
import { WhyNot } from '../../../src/renderer/state/why/why-not.svelte.ts';
import { FakeEngine, makeRow } from './support/fake-engine.ts';
import { settle } from './support/manual-clock.ts';

const SECOND = 1_000_000;
const START = Date.UTC(2026, 10, 22, 10) * 1_000;

/** The line that an entry was read from. */
function rawOf({ ts, message }: { readonly ts: number; readonly message: string }): string {
	return JSON.stringify({ ts: new Date(ts / 1_000).toISOString(), message });
}

/** An engine that has the lines, too. */
class EngineWithLines extends FakeEngine {
	async getEntry({ seq }: { readonly seq: number }): Promise<LogEntry | undefined> {
		const row = this.entries.find((entry) => entry.seq === seq);
		return row === undefined
			? undefined
			: { ...row, raw: rawOf(row), file: '/logs/a.jsonl', offset: 0 };
	}
}

let engine: EngineWithLines;
let why: WhyNot;

beforeEach(() => {
	engine = new EngineWithLines();
	engine.entries = Array.from({ length: 60 }, (_, index) =>
		makeRow(index + 1, {
			ts: START + index * SECOND,
			message: index % 10 === 7 ? `it broke ${index}` : 'it ran',
		}),
	);
	why = new WhyNot(engine);
});

async function find(text: string): Promise<void> {
	why.text = text;
	await why.find();
}

describe('the entry that a pasted text means', () => {
	test('is the only one that contains it', async () => {
		await find('it broke 37');
		expect([why.entry?.seq, why.candidates, why.problem]).toEqual([38, [], undefined]);
	});

	test('is the one whose line it is, among many with the same message', async () => {
		await find(`${rawOf({ ts: START + 4 * SECOND, message: 'it ran' })}\n`);
		expect(why.entry?.seq).toBe(5);
	});

	test('is to be chosen where it can be several, the newest ten at most', async () => {
		await find('it ran');
		expect(why.entry).toBeUndefined();
		expect(why.candidates.map(({ seq }) => seq)).toEqual([60, 59, 57, 56, 55, 54, 53, 52, 51, 50]);
		await why.choose(57);
		expect(why.entry?.seq).toBe(57);
	});

	test('is found however many answers a search takes', async () => {
		engine.slices = 3;
		await find('it broke 7');
		expect(why.entry?.seq).toBe(8);
	});

	test('may be none, which is said', async () => {
		await find('never written');
		expect(why.problem).toBe('No stored entry contains this text.');
		await find('   ');
		expect(why.problem).toBe('Paste a line of a log, or a part of its message.');
	});
});

test('an entry that is gone is said to be', async () => {
	await why.choose(999);
	expect([why.entry, why.problem]).toEqual([undefined, 'This entry is no longer stored.']);
});

test('of two questions the last one is answered', async () => {
	const opens: (() => void)[] = [];
	engine.gate = () => new Promise((resolve) => opens.push(resolve));
	why.text = 'it broke 37';
	const first = why.find();
	await settle();
	engine.gate = undefined;
	await find('it broke 47');
	opens[0]?.();
	await first;
	expect([why.entry?.seq, why.isLooking]).toEqual([48, false]);
});

test('a search that fails says why', async () => {
	engine.gate = () => Promise.reject(new Error('The disk is gone.'));
	await find('it');
	expect([why.problem, why.isLooking]).toEqual(['The disk is gone.', false]);
});

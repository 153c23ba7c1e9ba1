import assert from 'node:assert/strict';
import { parseJson } from '#shared/json/parse-json.ts';
import type { JsonNode } from '#shared/json/parse-json.ts';
import type { NewEntry } from '../log-storage.ts';
import type { Loss } from './contract.ts';

/**
 * Whether an entry is the one that was stored, but for what the storage is said to lose. An empty
 * task id and an empty `extra` are as good as none; half a character may be U+FFFD instead.
 */
export function assertSame(found: NewEntry, stored: NewEntry, loses: ReadonlySet<Loss>): void {
	const readings = [found, stored].map((entry) => ({
		ts: entry.ts,
		level: entry.level.toWellFormed(),
		message: text(entry.message, loses),
		logger: text(entry.logger, loses),
		task_id: text(entry.task_id ?? '', loses),
		extra: extraOf(entry.extra, loses),
	}));
	assert.deepEqual(readings[0], readings[1], 'An entry came back as another one');
}

/** Lists of entries, compared one by one. */
export function assertSameEntries(
	found: readonly NewEntry[],
	stored: readonly NewEntry[],
	loses: ReadonlySet<Loss>,
): void {
	for (const [index, entry] of found.entries()) {
		const expected = stored[index];
		if (expected === undefined) {
			break;
		}
		assertSame(entry, expected, loses);
	}
	assert.equal(found.length, stored.length, 'There are not as many entries as were stored');
}

function text(value: string, loses: ReadonlySet<Loss>): string {
	const whole = value.toWellFormed();
	return loses.has('nul') ? whole.replaceAll(/[\0\ufffd\u2400]|\\u0000/g, '') : whole;
}

function extraOf(json: string | undefined, loses: ReadonlySet<Loss>): string {
	const root = json === undefined ? undefined : parseJson(json);
	const isLost = loses.has('not-finite') && /NaN|Infinity/.test(json ?? '');
	if (root === undefined) {
		return json === undefined || isLost ? 'none' : `no JSON: ${json}`;
	}
	const spelt = spell(root, loses);
	return isLost || spelt === '{}' ? 'none' : spelt;
}

/** A value in one spelling: two are equal if they say the same. */
function spell(node: JsonNode, loses: ReadonlySet<Loss>): string {
	switch (node.kind) {
		case 'object': {
			const members = node.members.map(
				({ key, value }) => [JSON.stringify(text(key, loses)), spell(value, loses)] as const,
			);
			const kept = loses.has('double-keys') ? [...new Map(members)] : members;
			const sorted = loses.has('key-order')
				? kept.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
				: kept;
			return `{${sorted.map(([key, value]) => `${key}:${value}`).join()}}`;
		}
		case 'array':
			return `[${node.items.map((item) => spell(item, loses)).join()}]`;
		case 'string':
			return JSON.stringify(text(node.value, loses));
		case 'number':
			return loses.has('number-spelling') ? digits(node.text) : node.text;
		case 'word':
			return node.text;
	}
}

/** A number by its digits: `1.50e3` and `1500` are the same, 2^53 and 2^53 + 1 are not. */
function digits(number: string): string {
	const [, sign, whole = '', fraction = '', exponent = '0'] =
		/^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? [];
	const all = `${whole}${fraction}`.replace(/^0+/, '');
	const significant = all.replace(/0+$/, '');
	const tens = Number(exponent) - fraction.length + (all.length - significant.length);
	return significant === '' ? '0' : `${sign}${significant}e${tens}`;
}

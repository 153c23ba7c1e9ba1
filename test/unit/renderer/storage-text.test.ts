import { expect, it } from 'vitest';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { formatStorageAddress } from '#shared/model/storage-address.ts';
import type { StorageInfo } from '#shared/model/storage.ts';
import { addressOf, valuesOf } from '../../../src/renderer/lib/storage-fields.ts';
import {
	abilityTexts,
	backlogTexts,
	conditionText,
	numbersText,
	overText,
	splitHint,
} from '../../../src/renderer/lib/storage-text.ts';

const MIRROR: StorageInfo = {
	address: 'memory',
	kind: 'memory',
	name: 'Memory',
	role: 'mirror',
	condition: 'ready',
	waiting: 0,
	missed: 0,
};

it.each([
	'sqlite',
	'memory?maxlen=7',
	'jsonl:/a b/c.jsonl',
	'rotating:C:\\logs\\a.log?max_bytes=5&backup_count=9',
	'postgres://u@[::1]:5433/db?table=a.b&sslmode=verify-full',
	'postgres:///db?host=/run/postgresql',
	'rediss://u@h/3?key=k%20k&maxlen=5',
	'module:/opt/own.mjs',
])('%s goes through the fields as it is', (text) => {
	const { address } = parseStorageAddress(text);
	const read = addressOf(address.kind, valuesOf(address));
	expect('address' in read && formatStorageAddress(read.address)).toBe(text);
});

it('says how a storage is doing, in numbers and sentences', () => {
	expect(conditionText({ ...MIRROR, condition: 'failed', message: 'It is away.' })).toBe(
		'It is away.',
	);
	// A mirror is known to work once it has taken something.
	expect([
		conditionText(MIRROR),
		conditionText({ ...MIRROR, hasTaken: true }),
		conditionText({ ...MIRROR, role: 'active' }),
		conditionText({ ...MIRROR, role: 'active', message: 'It can be read, not written to.' }),
	]).toEqual([
		'It is open. Nothing was sent to it since.',
		'It works.',
		'It works.',
		'It can be read, not written to.',
	]);
	const numbers = { size: 12_000, isEstimate: true, bytes: 4_718_592, appended: 12_500 };
	expect(numbersText({ ...numbers, dropped: 500 })).toBe(
		'about 12,000 entries · 4.5 MB · 12,500 appended · 500 left to stay within its bounds',
	);
	expect(numbersText({ size: 1, appended: 1, dropped: 0 })).toBe('1 entry');
	expect(backlogTexts({ ...MIRROR, waiting: 1, missed: 2 })).toEqual([
		'1 entry waits in the local database until it takes it.',
		'2 entries left the local database before this mirror had them.',
	]);
	expect([backlogTexts(MIRROR), overText(undefined), overText(10_000)]).toEqual([
		[],
		'',
		'over the newest 10,000',
	]);
});

it('says what a storage promises', () => {
	expect(
		abilityTexts({ durability: 'server', delivery: 'once', follows: 'poll', isShared: true }),
	).toEqual([
		'As safe as the server keeps it.',
		'Each entry is in it once, also after a failure.',
		'It is asked now and then what others have written.',
		'Others may write to it at the same time.',
	]);
});

it('takes the SQL of a hint apart, which is for copying', () => {
	expect(splitHint('There is no index on ts: CREATE INDEX "x" ON t (ts)')).toEqual({
		text: 'There is no index on ts:',
		sql: 'CREATE INDEX "x" ON t (ts)',
	});
	expect(splitHint('Set appendonly to yes to keep them.')).toEqual({
		text: 'Set appendonly to yes to keep them.',
	});
});

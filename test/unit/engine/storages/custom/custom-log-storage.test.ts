import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CustomLogStorage } from '#engine/storages/custom/custom-log-storage.ts';
import type { StorageQuery, StoredEntry } from '#engine/storages/log-storage.ts';
import { describeContract, inFolders } from '../../../../support/storage-contract.ts';
import { temporaryFolder } from '../../../../support/temp-folder-of-test.ts';

const EXAMPLE = join(import.meta.dirname, '../../../../../resources/examples/plain-storage.mjs');

describeContract(
	'The example as a module',
	inFolders((place) => CustomLogStorage.open(EXAMPLE, { place })),
);

function moduleOf(text: string, name = 'own.mjs'): string {
	const path = join(temporaryFolder(), name);
	writeFileSync(path, text);
	return path;
}

const ABILITIES = `{ durability: 'memory', delivery: 'once', follows: 'push', isShared: false }`;

/** A module whose storage answers as the parts say. */
function storageOf(parts: Readonly<Record<string, string>>, name?: string): string {
	const methods = {
		abilities: ABILITIES,
		append: '() => {}',
		query: '() => ({ entries: [], isEnd: true })',
		stats: '() => ({ size: 0 })',
		follow: '() => () => {}',
		close: '() => {}',
		...parts,
	};
	const members = Object.entries(methods).map(([key, value]) => `${key}: ${value}`);
	return moduleOf(`export const openStorage = async () => ({ ${members.join(', ')} });`, name);
}

const QUERY: StorageQuery = { filter: {}, matches: () => true, order: 'arrival', limit: 10 };

test.each([
	['export default () => storage', 'own.mjs'],
	['export default { openStorage: () => storage }', 'own.mjs'],
	['export const openStorage = () => storage', 'own.js'],
	['module.exports = { openStorage: () => storage }', 'own.cjs'],
	['module.exports = () => storage', 'own.cjs'],
])('is found in %s (%s)', async (text, name) => {
	const path = moduleOf(
		`const storage = { abilities: ${ABILITIES}, append() {}, query: () => ({ entries: [], isEnd: true }), stats: () => ({ size: 7 }), follow: () => () => {}, close() {} };\n${text};\n`,
		name,
	);
	if (name === 'own.js') {
		writeFileSync(join(path, '..', 'package.json'), '{"type": "module"}');
	}
	const storage = await CustomLogStorage.open(path);
	expect(await storage.stats()).toEqual({ size: 7 });
	await storage.close();
});

test.each([
	['export const other = 1', /exports no function openStorage: add "export async function/],
	["import 'no-such-package-at-all'", /needs something that is not there: .*no-such-package/],
	["throw new Error('not today')", /failed while it was loaded: not today/],
	[
		"export const openStorage = () => { throw new Error('no key'); }",
		/openStorage failed: no key\.$/,
	],
	['export const openStorage = () => undefined', /openStorage has to return a storage/],
	['export const openStorage = () => ({})', /the storage has no method append/],
	[
		"export const openStorage = () => { throw new Error('x://me:s3cret@host is away') }",
		/x:\/\/me:\*\*\*@host is away/,
	],
])('says what is wrong with %s', async (text, sentence) => {
	await expect(CustomLogStorage.open(moduleOf(text))).rejects.toThrow(sentence);
});

test('says what is wrong with a path, a folder and abilities', async () => {
	const folder = temporaryFolder();
	await expect(CustomLogStorage.open(join(folder, 'none.mjs'))).rejects.toThrow(
		/^There is no module .*none\.mjs: check its path\.$/,
	);
	await expect(CustomLogStorage.open(folder)).rejects.toThrow(/is a folder: name the module in it/);
	for (const abilities of ['undefined', '{}', `{ ...${ABILITIES}, durability: 'stone' }`]) {
		await expect(CustomLogStorage.open(storageOf({ abilities }))).rejects.toThrow(
			/^The storage module own\.mjs: abilities/,
		);
	}
});

test('a module that was corrected is loaded anew', async () => {
	const path = moduleOf('export const open = 1;');
	await expect(CustomLogStorage.open(path)).rejects.toThrow(/exports no function openStorage/);
	writeFileSync(path, `export const openStorage = () => 'corrected';`);
	await expect(CustomLogStorage.open(path)).rejects.toThrow(/has to return a storage/);
});

const ENTRY = `{ id: 'a', ts: 5, level: 'INFO', message: 'm', logger: 'l' }`;
const page = (...entries: readonly string[]) =>
	`() => ({ entries: [${entries.join()}], isEnd: true })`;

test.each<readonly [string, string, Partial<StorageQuery>, RegExp]>([
	['nothing', '() => undefined', {}, /the answer to query/],
	['no end', '() => ({ entries: [] })', {}, /isEnd/],
	['more to come and nothing now', '() => ({ entries: [], isEnd: false })', {}, /there are more/],
	['too many', page(ENTRY, ENTRY), { limit: 1 }, /2 entries, asked for 1/],
	['an entry twice', page(ENTRY, ENTRY), {}, /the entry a twice/],
	['half a microsecond', page(`{ ...${ENTRY}, ts: 0.5 }`), {}, /entry 0 of query, ts: whole/],
	['a date', page(`{ ...${ENTRY}, ts: new Date(0) }`), {}, /entry 0 of query, ts/],
	['no message', page(`{ ...${ENTRY}, message: undefined }`), {}, /entry 0 of query, message/],
	['extra as an object', page(`{ ...${ENTRY}, extra: {} }`), {}, /extra: the JSON text/],
	['extra that is no JSON', page(`{ ...${ENTRY}, extra: '{' }`), {}, /extra: it is no JSON text/],
	['what does not match', page(ENTRY), { matches: () => false }, /a, which does not match/],
	[
		'an older one first',
		page(`{ ...${ENTRY}, seq: 1 }`, `{ ...${ENTRY}, id: 'b', seq: 2 }`),
		{},
		/the entry b behind a, which is older \(order: arrival\)/,
	],
	[
		'an earlier one first',
		page(ENTRY, `{ ...${ENTRY}, id: 'b', ts: 6 }`),
		{ order: 'time' },
		/the entry b behind a, which is older \(order: time\)/,
	],
	[
		'what stands before the page',
		page(ENTRY),
		{ before: { id: 'a', ts: 5, level: 'INFO', message: 'm', logger: 'l' } },
		/the entry a twice/,
	],
])('a page with %s is an error that says so', async (_, query, wish, sentence) => {
	const storage = await CustomLogStorage.open(storageOf({ query }));
	await expect(storage.query({ ...QUERY, ...wish })).rejects.toThrow(sentence);
});

test('fields that are null or of its own are not passed on', async () => {
	const entry = `{ ...${ENTRY}, task_id: null, extra: null, own: 1 }`;
	const storage = await CustomLogStorage.open(storageOf({ query: page(entry) }));
	expect((await storage.query(QUERY)).entries).toEqual([
		{ id: 'a', ts: 5, level: 'INFO', message: 'm', logger: 'l' },
	]);
});

test('what it tells a follower is checked as well: the right ones are passed on', async () => {
	const storage = await CustomLogStorage.open(
		storageOf({ follow: `(to) => { to.onEntries([${ENTRY}, { id: 'b' }]); return () => {}; }` }),
	);
	const told: unknown[] = [];
	await storage.follow({
		onEntries: (entries: readonly StoredEntry[]) => told.push(entries.map(({ id }) => id)),
		onReset: () => told.push('reset'),
		onProblem: (message) => told.push(message),
	});
	expect(told).toEqual([
		['a'],
		expect.stringMatching(/^The storage module own\.mjs: entry 1 of onEntries, ts/),
		'reset',
	]);
});

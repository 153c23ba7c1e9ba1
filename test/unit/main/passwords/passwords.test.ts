import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Keychain } from '#main/passwords/keychain.ts';
import { passwordFile } from '#main/passwords/password-file.ts';
import { passwordApi } from '#main/passwords/password-api.ts';
import { Passwords } from '#main/passwords/passwords.ts';
import { makeTempFolder, removeFolder } from '../../../support/temp-folder.ts';

const ADDRESS = 'postgres://asyncz@db.example/logs';
const SECRET = 'tr0ub4dor:&3@/?';

let folder = '';
let told: string[] = [];

beforeEach(() => {
	folder = makeTempFolder();
	told = [];
});
afterEach(() => removeFolder(folder));

/** One that turns bytes around, and can be locked. */
function keychain(changes: Partial<Keychain> = {}): Keychain {
	return {
		isSafe: async () => true,
		encrypt: async (text) => Buffer.from(text).map((byte) => byte ^ 0x5a),
		decrypt: async (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0x5a)).toString(),
		...changes,
	};
}

function open(chain?: Keychain, given: Readonly<Record<string, string>> = {}): Passwords {
	const file = passwordFile(folder);
	return new Passwords({ file, keychain: chain, given, onProblem: (text) => told.push(text) });
}

const onDisk = (): string =>
	readdirSync(folder)
		.map((name) => readFileSync(join(folder, name), 'utf8'))
		.join();

it('keeps a password in the keychain: no file has it, and the next start knows it', async () => {
	await open(keychain()).set(ADDRESS, SECRET, 'keychain');
	expect(onDisk()).not.toContain(SECRET);
	const again = open(keychain());
	expect([await again.known(), await again.keepings(), told]).toEqual([
		{ [ADDRESS]: SECRET },
		{ [ADDRESS]: 'keychain' },
		[],
	]);
});

it('keeps a password as it is where the user wants that, for nobody else to read', async () => {
	writeFileSync(join(folder, 'passwords.json.new'), '', { mode: 0o666 });
	await open().set(ADDRESS, SECRET, 'file');
	expect(statSync(join(folder, 'passwords.json')).mode & 0o777).toBe(0o600);
	expect(await open().known()).toEqual({ [ADDRESS]: SECRET });
});

it('keeps a password of this run in memory alone, and one that was kept no more', async () => {
	const passwords = open(keychain());
	await passwords.set(ADDRESS, 'before', 'file');
	await passwords.set(ADDRESS, SECRET, 'session');
	expect([await passwords.known(), await passwords.keepings()]).toEqual([
		{ [ADDRESS]: SECRET },
		{ [ADDRESS]: 'session' },
	]);
	expect(onDisk()).not.toMatch(/before|tr0ub/);
	expect(await open(keychain()).known()).toEqual({});
});

it('forgets a password wherever it is kept', async () => {
	const passwords = open(keychain());
	await passwords.set(ADDRESS, SECRET, 'keychain');
	await passwords.set('redis://h/0', 'other', 'file');
	await passwords.forget(ADDRESS);
	expect(await passwords.known()).toEqual({ 'redis://h/0': 'other' });
	expect(await open(keychain()).known()).toEqual({ 'redis://h/0': 'other' });
});

it('knows a password that can’t be kept until the app ends, and says why without it', async () => {
	const refusals: [Keychain | undefined, RegExp][] = [
		[undefined, /^There is no keychain here .* until the app is closed\.$/],
		[keychain({ isSafe: async () => false }), /^There is no keychain here/],
		[
			keychain({ encrypt: async () => Promise.reject(new Error('locked')) }),
			/^The keychain does not take the password of \S+ \(locked\)/,
		],
		[
			keychain({ encrypt: async (text) => Promise.reject(new Error(`can't take ${text}`)) }),
			/^The keychain does not take the password of \S+: it is known/,
		],
	];
	for (const [chain, sentence] of refusals) {
		const passwords = open(chain);
		await expect(passwords.set(ADDRESS, SECRET, 'keychain')).rejects.toThrow(sentence);
		expect([await passwords.known(), await passwords.keepings()]).toEqual([
			{ [ADDRESS]: SECRET },
			{ [ADDRESS]: 'session' },
		]);
	}
	expect(readdirSync(folder)).toEqual([]);
});

it('says which passwords a keychain keeps to itself, and leaves them where they are', async () => {
	await open(keychain()).set(ADDRESS, SECRET, 'keychain');
	const elsewhere = open();
	await elsewhere.set('redis://h/0', 'other', 'file');
	expect(await elsewhere.known()).toEqual({ 'redis://h/0': 'other' });
	await open(keychain({ decrypt: async () => Promise.reject(new Error('locked')) })).known();
	expect(told).toEqual([
		`The password of ${ADDRESS} is in the keychain, which only the desktop app reads: type it here again.`,
		`The keychain does not give the password of ${ADDRESS} (locked): type it again.`,
	]);
	expect(await open(keychain()).known()).toEqual({ [ADDRESS]: SECRET, 'redis://h/0': 'other' });
});

it('keeps a file aside that it does not understand, and quotes nothing of it', async () => {
	writeFileSync(join(folder, 'passwords.json'), `{ "passwords": ${SECRET}`);
	const passwords = open();
	await passwords.set(ADDRESS, 'new', 'file');
	expect(told).toEqual([
		expect.stringMatching(/could not be understood and were kept as .*\.broken-\d+: type them/),
	]);
	expect(told.join()).not.toContain('tr0ub');
	expect([readdirSync(folder).length, onDisk()]).toEqual([2, expect.stringContaining(SECRET)]);
});

it('prefers a password of the command line, and does not keep it', async () => {
	await open().set(ADDRESS, 'kept', 'file');
	expect(await open(undefined, { [ADDRESS]: SECRET }).known()).toEqual({ [ADDRESS]: SECRET });
	expect(await open().known()).toEqual({ [ADDRESS]: 'kept' });
});

it('keeps what was said last when much is said at once', async () => {
	const passwords = open(keychain());
	const texts = Array.from({ length: 20 }, (_, index) => `p${index}`);
	await Promise.all(texts.map((text) => passwords.set(ADDRESS, text, 'keychain')));
	expect(await open(keychain()).known()).toEqual({ [ADDRESS]: 'p19' });
});

it('serves pages: addresses in their one spelling, the engine told, no password given back', async () => {
	const toEngine: unknown[] = [];
	const api = passwordApi(open(), { setPasswords: (known) => toEngine.push(known) });
	const address = 'postgresql://asyncz:typed@db.example:5432/logs?table=asyncz_logs';
	await api.setPassword({ address, password: SECRET, keep: 'session' });
	expect(await api.getPasswords({})).toEqual({ [ADDRESS]: 'session' });
	await expect(
		api.setPassword({ address: ADDRESS, password: 'x', keep: 'keychain' }),
	).rejects.toMatchObject({ code: 'not-allowed' });
	await api.forgetPassword({ address });
	expect(toEngine).toEqual([{ [ADDRESS]: SECRET }, { [ADDRESS]: 'x' }, {}]);
	await expect(
		api.setPassword({ address: `x://u:${SECRET}@h`, password: 'x', keep: 'session' }),
	).rejects.toThrow(/^(?!.*tr0ub)/);
});

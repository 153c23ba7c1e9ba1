import { beforeEach, expect, it } from 'vitest';
import type { StorageChoice } from '#shared/api/engine.ts';
import { AppError } from '#shared/errors.ts';
import type { StorageInfo } from '#shared/model/storage.ts';
import { StorageForm } from '../../../src/renderer/state/storages/storage-form.svelte.ts';
import type { Keeping } from '../../../src/renderer/state/storages/storage-form.svelte.ts';

const SECRET = 's3cret:/@?';

let storages: StorageInfo[];
let chosen: StorageChoice[];
let tested: unknown[];
let set: unknown[];
let kept: Record<string, Keeping>;
let failure: Error | undefined;

function info(address: string, role: StorageInfo['role'] = 'mirror'): StorageInfo {
	const state = { condition: 'ready', waiting: 0, missed: 0 } as const;
	return { address, role, kind: 'memory', name: address, ...state };
}

beforeEach(() => {
	storages = [info('sqlite', 'active')];
	chosen = [];
	tested = [];
	set = [];
	kept = {};
	failure = undefined;
});

function open(keepsPasswordsIn: 'keychain' | 'file' = 'keychain'): StorageForm {
	return new StorageForm({
		get engine() {
			return { storages };
		},
		files: { info: { keepsPasswordsIn } },
		services: {
			engine: {
				setStorages: async (choice) => {
					if (failure !== undefined) {
						throw failure;
					}
					chosen.push(choice);
				},
				testStorage: async (params) => {
					tested.push(params);
					return { ok: true, message: 'It works.' };
				},
			},
			host: {
				setPassword: async (params) => {
					set.push(params);
					if (params.keep === 'keychain' && keepsPasswordsIn !== 'keychain') {
						throw new AppError('not-allowed', 'There is no keychain here.');
					}
					kept[params.address] = params.keep;
				},
				forgetPassword: async ({ address }) => void delete kept[address],
				getPasswords: async () => ({ ...kept }),
			},
		},
	});
}

it('begins with what the table shows', () => {
	storages = [info('rotating:/var/log/a.log?max_bytes=500', 'active'), info('memory')];
	const form = open();
	expect([form.kind, form.text, form.values]).toEqual([
		'rotating',
		'rotating:/var/log/a.log?max_bytes=500',
		{ path: '/var/log/a.log', maxBytes: '500', backupCount: '5' },
	]);
});

it('writes the address that the fields say, and fills the fields from an address', () => {
	const form = open();
	form.kind = 'postgres';
	form.set('host', 'db.example');
	form.set('user', 'asyncz');
	form.set('port', '5,433');
	form.set('sslmode', 'require');
	expect(form.text).toBe('postgres://asyncz@db.example:5433/?sslmode=require');
	form.text = 'rediss://h:7000/3?key=logs&maxlen=500';
	expect([form.kind, form.values]).toEqual([
		'redis',
		{ user: '', host: 'h', port: '7000', tls: 'yes', db: '3', key: 'logs', maxlen: '500' },
	]);
	form.kind = 'postgres';
	expect(form.text).toBe('postgres://asyncz@db.example:5433/?sslmode=require');
});

it('lets an address be typed, and takes the password out of it when it is whole', () => {
	const form = open();
	const text = `postgres://u:${SECRET}@h/logs`;
	for (let end = 1; end <= text.length; end++) {
		form.text = text.slice(0, end);
		expect(form.text).toBe(text.slice(0, end));
	}
	expect(form.password).toBe('');
	form.textDone();
	expect([form.text, form.password, form.problem]).toEqual([
		'postgres://u@h/logs',
		SECRET,
		undefined,
	]);
});

it('says what is wrong with an address or a field, and asks nobody', async () => {
	const form = open();
	form.text = `mysql://u:${SECRET}@h`;
	await form.tryOut();
	expect(form.problem).toMatch(/^mysql:\/\/u:\*\*\*@h: expected sqlite, memory/);
	form.kind = 'redis';
	form.set('port', '70000');
	form.set('maxlen', '0');
	form.set('key', ' ');
	expect(await form.use('active')).toBe(false);
	expect([form.problem, form.problems]).toEqual([
		undefined,
		{
			port: 'Type a whole number from 1 to 65,535.',
			maxlen: 'Type a whole number from 1 to 1,000,000,000,000.',
			key: 'Type the key of the stream.',
		},
	]);
	form.set('port', '1');
	expect(form.problems).toEqual({});
	expect([tested, chosen, set]).toEqual([[], [], []]);
});

it('tries a password out without keeping it', async () => {
	const form = open();
	form.text = `redis://:${SECRET}@h`;
	await form.tryOut();
	expect(form.test).toEqual({ ok: true, message: 'It works.' });
	form.kind = 'memory';
	await form.tryOut();
	expect([tested, set]).toEqual([
		[{ address: 'redis://h/0', password: SECRET }, { address: 'memory' }],
		[],
	]);
});

it('keeps the password as it is told to before the storage is used, and has it no more', async () => {
	const form = open();
	expect(form.keep).toBe('keychain');
	form.text = `postgres://u:${SECRET}@h/logs`;
	form.sendStored = true;
	expect(await form.use('active')).toBe(true);
	const address = 'postgres://u@h/logs';
	expect([set, chosen]).toEqual([
		[{ address, password: SECRET, keep: 'keychain' }],
		[{ active: address, mirrors: [], send_stored: true }],
	]);
	expect([form.password, form.keeping, form.done]).toEqual([
		'',
		'keychain',
		'The table shows it from now on.',
	]);
	await form.forget();
	expect(form.keeping).toBeUndefined();
});

it('says that a password could not be kept, and uses the storage all the same', async () => {
	const form = open('file');
	expect(form.keep).toBe('session');
	form.keep = 'keychain';
	form.text = `postgres://u:${SECRET}@h/logs`;
	await form.use('active');
	expect([form.problem, chosen.length]).toEqual(['There is no keychain here.', 1]);
});

it('adds and removes mirrors, each once, and goes back to SQLite', async () => {
	storages = [info('memory', 'active'), info('jsonl:/a.jsonl')];
	const form = open();
	for (const [address, problem] of [
		['sqlite', 'The local database receives everything anyway.'],
		['memory?maxlen=10000', 'memory is in use already.'],
		['jsonl:/a.jsonl', 'jsonl:/a.jsonl is in use already.'],
	] as const) {
		form.text = address;
		expect([await form.use('mirror'), form.problem]).toEqual([false, problem]);
	}
	form.text = 'jsonl:/b.jsonl';
	await form.use('mirror');
	form.text = 'jsonl:/a.jsonl';
	await form.use('active');
	await form.remove('jsonl:/a.jsonl');
	await form.remove('memory');
	const send_stored = false;
	expect(chosen).toEqual([
		{ active: 'memory', mirrors: ['jsonl:/a.jsonl', 'jsonl:/b.jsonl'], send_stored },
		{ active: 'jsonl:/a.jsonl', mirrors: [], send_stored },
		{ active: 'memory', mirrors: [], send_stored },
		{ active: 'sqlite', mirrors: ['jsonl:/a.jsonl'], send_stored },
	]);
});

it('says why a storage could not be chosen', async () => {
	failure = new AppError('not-allowed', 'a.jsonl is outside the folders.');
	const form = open();
	form.text = 'jsonl:a.jsonl';
	expect([await form.use('active'), form.problem, form.isBusy]).toEqual([
		false,
		'a.jsonl is outside the folders.',
		false,
	]);
});

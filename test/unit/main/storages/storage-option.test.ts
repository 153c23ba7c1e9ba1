import { expect, test } from 'vitest';
import { parseHeadless } from '#main/headless/headless-options.ts';
import { parseOptions } from '#main/options.ts';
import { storageOption, withHiddenPassword } from '#main/storages/storage-option.ts';

const toPath = (path: string): string => `/home/me/${path}`;
const parse = (text: string, env: Record<string, string> = {}) => storageOption(text, toPath, env);

test('a storage of the command line has its whole path, and its password apart', () => {
	expect(parse('jsonl:logs/all.jsonl', { ASYNCZ_COMPANION_STORAGE_PASSWORD: 'x' })).toEqual({
		address: 'jsonl:/home/me/logs/all.jsonl',
		password: undefined,
		isMemory: false,
	});
	expect(parse('memory?maxlen=5')).toEqual({
		address: 'memory?maxlen=5',
		password: undefined,
		isMemory: true,
	});
	expect(parse('postgres://me:se%20cret@db/logs')).toMatchObject({
		address: 'postgres://me@db/logs',
		password: 'se cret',
	});
});

test('a password is also in the environment, that of the app before that of other programs', () => {
	const url = 'postgres://me@db/logs';
	const both = { ASYNCZ_COMPANION_STORAGE_PASSWORD: 'own', PGPASSWORD: 'pg' };
	expect(parse(url, both).password).toBe('own');
	expect(parse(url, { PGPASSWORD: 'pg' }).password).toBe('pg');
	expect(parse('postgres://me:given@db/logs', both).password).toBe('given');
	expect(parse('redis://db', { PGPASSWORD: 'pg', REDISCLI_AUTH: 'r' }).password).toBe('r');
	expect(parse('redis://db').password).toBeUndefined();
});

test('every command reads it, and says nothing of a password in what is wrong', () => {
	const context = { cwd: '/home/me', env: {}, platform: 'linux' } as const;
	expect(parseOptions(['--storage', 'jsonl:a.jsonl'], context).storage?.address).toBe(
		'jsonl:/home/me/a.jsonl',
	);
	expect(parseHeadless('query', ['--storage=rotating:r.log'], '/home/me').storage?.address).toBe(
		'rotating:/home/me/r.log',
	);
	const wrong = [
		() => parseOptions(['--storage', 'redis://me:hunter22@h/none'], context),
		() => parseOptions(['--stor=redis://me:hunter22@h/0'], context),
		() => parseOptions(['redis://me:hunter22@h/0'], context),
		() => parseHeadless('query', ['--stor=redis://me:hunter22@h/0'], '/home/me'),
		() => parseHeadless('query', ['redis://me:hunter22@h/0'], '/home/me'),
	];
	for (const read of wrong) {
		expect(read).toThrow(expect.objectContaining({ code: 'invalid-options' }));
		expect(read).not.toThrow(/hunter22/);
	}
});

test('arguments for another process have no password in them', () => {
	const env = { HOME: '/home/me' };
	expect(withHiddenPassword(['a.log', '--storage', 'redis://u:pw@h/0', 'b'], env)).toEqual({
		args: ['a.log', '--storage', 'redis://u@h/0', 'b'],
		env: { ...env, ASYNCZ_COMPANION_STORAGE_PASSWORD: 'pw' },
	});
	expect(withHiddenPassword(['--storage=postgres://u:pw@h/d'], env).args).toEqual([
		'--storage=postgres://u@h/d',
	]);
	const plain = ['--storage', './own.mjs', '--port', '1'];
	expect(withHiddenPassword(plain, env)).toEqual({ args: plain, env });
});

import { describe, expect, it } from 'vitest';
import { isAllowedHost, isAllowedOrigin, isSameToken, readToken } from '#main/web/access.ts';

describe('isAllowedHost', () => {
	it.each(['127.0.0.1:80', 'localhost:80', '[::1]:80'])('lets %s in', (host) => {
		expect(isAllowedHost(host, 80)).toBe(true);
	});

	it.each([
		undefined,
		'',
		'localhost',
		'localhost:81',
		'localhost:80.evil.com',
		'evil.com:80',
		'127.0.0.1:80@evil.com',
		'127.1:80',
		'0.0.0.0:80',
		'::1:80',
		' localhost:80',
	])('keeps %j out', (host) => {
		expect(isAllowedHost(host, 80)).toBe(false);
	});
});

it('takes only the origin of the page it served', () => {
	const origins = ['http://localhost:80', 'https://localhost:80', 'http://127.0.0.1:80', 'null'];
	expect(origins.map((origin) => isAllowedOrigin(origin, 'localhost:80'))).toEqual([
		true,
		false,
		false,
		false,
	]);
	expect(isAllowedOrigin(undefined, 'localhost:80')).toBe(false);
});

it('finds the token beside the name of the protocol only', () => {
	expect(
		['asyncz-companion, token.abc', 'token.abc', 'asyncz-companion', undefined].map(readToken),
	).toEqual(['abc', undefined, undefined, undefined]);
});

it('compares whole tokens, of any length', () => {
	expect(
		['secret', 'secre', 'secret ', '', undefined].map((t) => isSameToken(t, 'secret')),
	).toEqual([true, false, false, false, false]);
});

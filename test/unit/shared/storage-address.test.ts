import { expect, it } from 'vitest';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { formatStorageAddress } from '#shared/model/storage-address.ts';

const written = (text: string): string => formatStorageAddress(parseStorageAddress(text).address);

it.each([
	['sqlite', 'sqlite'],
	['memory?maxlen=10000', 'memory'],
	['memory?maxlen=500', 'memory?maxlen=500'],
	['jsonl:/var/log/a b.jsonl', 'jsonl:/var/log/a b.jsonl'],
	['rotating:x.log?backup_count=5&max_bytes=9', 'rotating:x.log?max_bytes=9'],
	['postgresql://u:p@db.example:5432/logs', 'postgres://u@db.example/logs'],
	['postgres://', 'postgres://localhost/'],
	['postgres:///logs?host=/run/postgresql', 'postgres:///logs?host=/run/postgresql'],
	['postgres://h/db?table=a.b&sslmode=require', 'postgres://h/db?table=a.b&sslmode=require'],
	['redis://:p@[::1]:6380/2?key=k%20y', 'redis://[::1]:6380/2?key=k%20y'],
	['rediss://h', 'rediss://h/0'],
	['./own.mjs', 'module:./own.mjs'],
	['C:\\logs\\own.js', 'module:C:\\logs\\own.js'],
	['module:/opt/a?b.mjs', 'module:/opt/a?b.mjs'],
	['jsonl:C:\\logs\\my log.jsonl', 'jsonl:C:\\logs\\my log.jsonl'],
	['rotating:D:/logs/app.log?backup_count=2', 'rotating:D:/logs/app.log?backup_count=2'],
	['jsonl:/var/log/#1 50%.jsonl', 'jsonl:/var/log/#1 50%.jsonl'],
	['C:/logs/own.ts', 'module:C:/logs/own.ts'],
	['postgres://u%40x:a#b@h/d#b', 'postgres://u%40x@h/d%23b'],
	['postgres://a%3Ab:p@h/d', 'postgres://a%3Ab@h/d'],
	['redis://u:a#b?c@h/1?key=a%23b', 'redis://u@h/1?key=a%23b'],
])('writes %s as %s, again and again', (text, expected) => {
	expect([written(text), written(written(text))]).toEqual([expected, expected]);
});

it.each([
	'plain',
	'with:colon',
	'with/slash',
	'with@at',
	'with?mark',
	'a?b@c:d/e?f',
	'a:/@?',
	'12?3',
	'p@ss:w/o?r=d#&',
	'100%',
	'',
])('takes the password %s out of an address, escaped or not', (password) => {
	for (const typed of [password, encodeURIComponent(password)]) {
		for (const rest of ['h:1/2', 'h/0?key=a', 'h/db?table=t']) {
			const scheme = rest.includes('table') ? 'postgres' : 'redis';
			const { address, password: found } = parseStorageAddress(`${scheme}://u:${typed}@${rest}`);
			expect(found).toBe(password);
			expect(address).toMatchObject({ user: 'u', host: 'h' });
		}
	}
});

it.each([
	'x://u:s3cret@h',
	'mysql://u:s3cret@h/db',
	'postgres://u:s3cret',
	'postgres://u:s3cret?more',
	'postgres://u:1?s3cret=x@h/db',
	'mysql://u:s3 cret@h/db',
	'postgres://u:s3 cret@h:port/db',
	'postgres://u:s3cret@h:port/db',
	'postgres://u:s3cret@h:99999/db',
	'postgres://u:s3cret@h/db?sslmode=never',
	'postgres://h/db?password=s3cret&bogus=1',
	'redis://u:s3cret@h/nine',
	'redis://u:s3/cret@h:x',
])('says what is wrong with %s without its password', (text) => {
	expect(() => parseStorageAddress(text)).toThrow(/^(?!.*(?:s3|cret))/);
});
